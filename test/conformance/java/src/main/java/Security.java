// Logs in once per argument, `name=properties file`, and prints what came of it: how many brokers and whose ACL-free
// request was answered, or the error. The same lines must come from Apache Kafka and from Millrace.

import java.io.FileInputStream;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaException;

public class Security {
    public static void main(String[] arguments) throws Exception {
        for (String argument : arguments) {
            String name = argument.substring(0, argument.indexOf('='));
            Properties properties = new Properties();
            try (FileInputStream in = new FileInputStream(argument.substring(name.length() + 1))) {
                properties.load(in);
            }
            try (Admin admin = Admin.create(properties)) {
                int brokers = admin.describeCluster().nodes().get().size();
                if (name.equals("plain")) addUsers(admin);
                // Longer than a session of the listener that has short ones: the client renews it on the way.
                for (int round = 0; name.endsWith("renewed") && round < 8; round += 1) {
                    Thread.sleep(400);
                    admin.listTopics().names().get();
                }
                System.out.println(name + ": " + brokers + " broker, topics " + admin.listTopics().names().get());
            } catch (KafkaException e) {
                // The client itself will have nothing to do with it.
                System.out.println(name + ": not even tried, " + e.getClass().getSimpleName());
            } catch (ExecutionException e) {
                System.out.println(name + ": " + e.getCause().getClass().getSimpleName() + shown(e.getCause()));
            }
        }
    }

    private static void addUsers(Admin admin) throws Exception {
        for (ScramMechanism mechanism : List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
            ScramCredentialInfo info = new ScramCredentialInfo(mechanism, 8192);
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion("bob", info, "pencil"))).all().get();
        }
        Settled.on(admin);
    }

    /** A login's refusal in the broker's words; what TLS libraries say is theirs. Lists come in any order. */
    private static String shown(Throwable error) {
        String type = error.getClass().getSimpleName();
        if (!type.equals("SaslAuthenticationException")) return "";
        return " " + error.getMessage();
    }
}
