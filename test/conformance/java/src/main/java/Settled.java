// Waits until a broker has applied every change of metadata that was answered before, as settled.ts does and says: a mark is
// set and seen, taken away and missed.

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;

final class Settled {
    private static final String ADDRESS = "192.0.2.1";
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private Settled() {}

    static void on(Admin admin) throws Exception {
        ClientQuotaEntity mark = new ClientQuotaEntity(Map.of(ClientQuotaEntity.IP, ADDRESS));
        ClientQuotaFilter filter = ClientQuotaFilter.containsOnly(List.of(ClientQuotaFilterComponent.ofEntity(ClientQuotaEntity.IP, ADDRESS)));
        for (Double value : new Double[] {1e6, null}) {
            ClientQuotaAlteration.Op change = new ClientQuotaAlteration.Op("connection_creation_rate", value);
            admin.alterClientQuotas(List.of(new ClientQuotaAlteration(mark, List.of(change)))).all().get();
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (admin.describeClientQuotas(filter).entities().get().isEmpty() != (value == null)) {
                if (System.nanoTime() > deadline) throw new IllegalStateException("a change that was answered is never applied");
                Thread.sleep(5);
            }
        }
    }
}
