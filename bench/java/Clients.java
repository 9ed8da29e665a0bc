// What Kafka's own tools do not measure, with Kafka's own Java client: each word after the servers is one part to run,
// `name:topic:number[:number]`, in one process. Every figure is one line, `name value`; times in milliseconds.

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

public final class Clients {
    public static void main(String[] words) throws Exception {
        String servers = words[0];
        for (int index = 1; index < words.length; index++) {
            String[] part = words[index].split(":");
            String topic = part[1];
            int count = Integer.parseInt(part[2]);
            switch (part[0]) {
                case "single" -> new SingleRecords(servers, topic).run(count);
                case "paced" -> new PacedRecords(servers, topic).run(count, Integer.parseInt(part[3]));
                case "classic", "consumer" -> new NewGroups(servers, topic).run(part[0], count);
                case "transactions" -> new Transactions(servers, topic).run(count);
                default -> throw new IllegalArgumentException(words[index]);
            }
        }
    }

    static Map<String, Object> producerSettings(String servers) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", servers);
        settings.put("key.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
        settings.put("value.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
        settings.put("acks", "all");
        settings.put("linger.ms", "0");
        return settings;
    }

    static Map<String, Object> consumerSettings(String servers) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", servers);
        settings.put("key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        settings.put("value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        return settings;
    }

    static void print(String name, double value) {
        System.out.println(name + " " + value);
    }

    /** p50, p99 and p99.9 of nanoseconds, in milliseconds. */
    static void printPercentiles(String name, long[] nanoseconds) {
        long[] sorted = nanoseconds.clone();
        Arrays.sort(sorted);
        print(name + ".p50", at(sorted, 0.5));
        print(name + ".p99", at(sorted, 0.99));
        print(name + ".p999", at(sorted, 0.999));
    }

    private static double at(long[] sorted, double fraction) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * fraction))] / 1e6;
    }
}
