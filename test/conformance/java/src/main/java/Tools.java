// Runs Apache Kafka's own command line tools one after the other in this JVM: their main methods, as bin/*.sh would call
// them. A command is a line of standard input: a name, the class, its arguments, between tabs; {bootstrap} stands for the
// cluster. Before each command the broker has applied all that was changed before it (see settled.ts). Each answers one
// line: the exit status, and what was printed, in base64.

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Exit;

public final class Tools {
    private static final class Exited extends RuntimeException {
        final int status;

        Exited(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    public static void main(String[] args) throws Exception {
        String bootstrap = args[0];
        PrintStream answers = System.out;
        Exit.Procedure procedure = (status, message) -> {
            throw new Exited(status, message);
        };
        Exit.setExitProcedure(procedure);
        Exit.setHaltProcedure(procedure);
        Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split("\t", -1);
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8);
            System.setOut(capture);
            System.setErr(capture);
            Settled.on(admin);
            int status = run(words, bootstrap, capture);
            answers.println("answer " + status + " " + Base64.getEncoder().encodeToString(printed.toByteArray()));
            answers.flush();
        }
        Runtime.getRuntime().halt(0);
    }

    private static int run(String[] words, String bootstrap, PrintStream capture) throws Exception {
        String[] arguments = Arrays.stream(words, 2, words.length)
            .map(word -> word.replace("{bootstrap}", bootstrap))
            .toArray(String[]::new);
        // Scala writes through a stream of its own.
        try {
            scala.Console.withOut(capture, () -> {
                try {
                    Class.forName(words[1]).getMethod("main", String[].class).invoke(null, (Object) arguments);
                } catch (InvocationTargetException error) {
                    throw error.getCause() instanceof RuntimeException known ? known : new RuntimeException(error.getCause());
                } catch (ReflectiveOperationException error) {
                    throw new IllegalStateException(error);
                }
                return null;
            });
            return 0;
        } catch (Exited exited) {
            if (exited.getMessage() != null) capture.println(exited.getMessage());
            return exited.status;
        }
    }
}
