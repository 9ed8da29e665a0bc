// One record at a time, from the call of send until the consumer has it and until it is acknowledged.

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

final class SingleRecords {
    private static final int RECORD_BYTES = 100;
    private static final int NOTHING_MS_MAX = 10_000;
    private final String servers;
    private final String topic;

    SingleRecords(String servers, String topic) {
        this.servers = servers;
        this.topic = topic;
    }

    void run(int count) throws Exception {
        int warmUp = count / 2;
        long[] received = new long[count];
        long[] acknowledged = new long[count];
        TopicPartition partition = new TopicPartition(topic, 0);
        try (var producer = new KafkaProducer<byte[], byte[]>(Clients.producerSettings(servers));
            var consumer = new KafkaConsumer<byte[], byte[]>(Clients.consumerSettings(servers))) {
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            consumer.position(partition);
            for (int index = -warmUp; index < count; index++) {
                long start = System.nanoTime();
                producer.send(new ProducerRecord<>(topic, 0, null, new byte[RECORD_BYTES])).get();
                long acknowledgedAt = System.nanoTime();
                if (consumer.poll(Duration.ofMillis(NOTHING_MS_MAX)).count() != 1) throw new IllegalStateException("not one record");
                if (index < 0) continue;
                acknowledged[index] = acknowledgedAt - start;
                received[index] = System.nanoTime() - start;
            }
        }
        Clients.printPercentiles("single", received);
        Clients.printPercentiles("single.ack", acknowledged);
    }
}
