// A new group, from subscribe to the first record, in the classic or the new (KIP-848) protocol. The first one also pays
// for what the server makes once, so it is apart from the median of the others. A server without the protocol: NaN.

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.UnsupportedVersionException;

final class NewGroups {
    private static final long PATIENCE_NANOS = 15_000_000_000L;
    private final String servers;
    private final String topic;

    NewGroups(String servers, String topic) {
        this.servers = servers;
        this.topic = topic;
    }

    void run(String protocol, int count) {
        double first = Double.NaN;
        double[] others = new double[count];
        Arrays.fill(others, Double.NaN);
        try {
            first = millisecondsToFirstRecord(protocol);
            for (int index = 0; index < count; index++) others[index] = millisecondsToFirstRecord(protocol);
        } catch (UnsupportedVersionException missing) {
            System.err.println(protocol + ": " + missing.getMessage());
        }
        Arrays.sort(others);
        Clients.print("group." + protocol + ".first", first);
        Clients.print("group." + protocol, others[count / 2]);
    }

    private double millisecondsToFirstRecord(String protocol) {
        Map<String, Object> settings = Clients.consumerSettings(servers);
        settings.put("group.id", "bench-" + UUID.randomUUID());
        settings.put("group.protocol", protocol);
        try (var consumer = new KafkaConsumer<byte[], byte[]>(settings)) {
            long start = System.nanoTime();
            consumer.subscribe(List.of(topic));
            while (consumer.poll(Duration.ofMillis(100)).isEmpty()) {
                if (System.nanoTime() - start > PATIENCE_NANOS) throw new IllegalStateException("no record in a new group, " + protocol);
            }
            return (System.nanoTime() - start) / 1e6;
        }
    }
}
