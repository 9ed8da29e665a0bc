// A steady stream: so many records a second, each timed from its send until a consumer in another thread has it. A send
// that comes late because an earlier one held it up counts from when it was due.

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

final class PacedRecords {
    private static final int RECORD_BYTES = 100;
    private static final int WARM_UP_SECONDS = 1;
    /** How late a thread wakes by itself. */
    private static final long LATE_NANOS = 1_000_000;
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private final String servers;
    private final String topic;

    PacedRecords(String servers, String topic) {
        this.servers = servers;
        this.topic = topic;
    }

    void run(int perSecond, int seconds) throws Exception {
        int warmUp = perSecond * WARM_UP_SECONDS;
        int total = perSecond * seconds + warmUp;
        long[] received = new long[total - warmUp];
        long[] acknowledged = new long[total - warmUp];
        TopicPartition partition = new TopicPartition(topic, 0);
        try (var producer = new KafkaProducer<byte[], byte[]>(Clients.producerSettings(servers));
            var consumer = new KafkaConsumer<byte[], byte[]>(Clients.consumerSettings(servers))) {
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            consumer.position(partition);
            Thread reader = new Thread(() -> read(consumer, total, warmUp, received));
            reader.start();
            write(producer, total, warmUp, 1_000_000_000L / perSecond, acknowledged);
            reader.join();
        }
        Clients.printPercentiles("paced", received);
        Clients.printPercentiles("paced.ack", acknowledged);
    }

    private void write(KafkaProducer<byte[], byte[]> producer, int total, int warmUp, long every, long[] acknowledged) {
        long begin = System.nanoTime();
        for (int index = 0; index < total; index++) {
            long due = begin + index * every;
            while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
            long now = System.nanoTime();
            long start = now - due > LATE_NANOS ? due : now;
            byte[] value = new byte[RECORD_BYTES];
            ByteBuffer.wrap(value).putLong(start);
            int place = index - warmUp;
            producer.send(new ProducerRecord<>(topic, 0, null, value), (metadata, error) -> {
                if (error != null) throw new IllegalStateException(error);
                if (place >= 0) acknowledged[place] = System.nanoTime() - start;
            });
        }
        producer.flush();
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer, int total, int warmUp, long[] received) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (int seen = 0; seen < total; ) {
            if (System.nanoTime() > deadline) throw new IllegalStateException(seen + " of " + total + " records arrived");
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                if (seen >= warmUp) received[seen - warmUp] = System.nanoTime() - ByteBuffer.wrap(record.value()).getLong();
                seen++;
            }
        }
    }
}
