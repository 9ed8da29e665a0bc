// Transactions one after the other, each of one record and one offset commit: how many a second.

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

final class Transactions {
    private static final int RECORD_BYTES = 100;
    private final String servers;
    private final String topic;

    Transactions(String servers, String topic) {
        this.servers = servers;
        this.topic = topic;
    }

    void run(int count) {
        Map<String, Object> settings = Clients.producerSettings(servers);
        settings.put("transactional.id", "bench-transactions");
        try (var producer = new KafkaProducer<byte[], byte[]>(settings)) {
            producer.initTransactions();
            for (int index = 0; index < count / 4; index++) transaction(producer, index);
            long start = System.nanoTime();
            for (int index = 0; index < count; index++) transaction(producer, index);
            Clients.print("transactions", count / ((System.nanoTime() - start) / 1e9));
        }
    }

    private void transaction(KafkaProducer<byte[], byte[]> producer, int offset) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, 0, null, new byte[RECORD_BYTES]));
        var offsets = Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset));
        producer.sendOffsetsToTransaction(offsets, new ConsumerGroupMetadata("bench-transactions"));
        producer.commitTransaction();
    }
}
