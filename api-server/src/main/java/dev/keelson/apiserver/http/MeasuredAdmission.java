package dev.keelson.apiserver.http;

import dev.keelson.apiserver.admission.Admission;
import dev.keelson.apiserver.admission.AdmissionRequest;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.registry.ApiFailure;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Histogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** How long admission took, of each step together: the members by themselves take less than reading the clock does. */
final class MeasuredAdmission implements Admission {
    private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5};

    private final Admission admission;
    private final Histogram steps;
    private final Map<Operation, Histogram.Child> admitted = new EnumMap<>(Operation.class);
    private final Map<Operation, Histogram.Child> validated = new EnumMap<>(Operation.class);

    MeasuredAdmission(Admission admission, CollectorRegistry metrics) {
        this.admission = admission;
        this.steps = Histogram.build(
                        "apiserver_admission_step_admission_duration_seconds",
                        "Admission sub-step latency histogram in seconds, broken out for each operation and API resource"
                                + " and step type (validate or admit).")
                .labelNames("operation", "rejected", "type")
                .buckets(SECONDS)
                .register(metrics);
        for (Operation operation : Operation.values()) {
            admitted.put(operation, steps.labels(operation.name(), "false", "admit"));
            validated.put(operation, steps.labels(operation.name(), "false", "validate"));
        }
    }

    @Override
    public void mutate(AdmissionRequest request) {
        measure(request, "admit", admitted, admission::mutate);
    }

    @Override
    public void validate(AdmissionRequest request) {
        measure(request, "validate", validated, admission::validate);
    }

    private void measure(
            AdmissionRequest request,
            String type,
            Map<Operation, Histogram.Child> passed,
            Consumer<AdmissionRequest> step) {
        long start = System.nanoTime();
        try {
            step.accept(request);
            passed.get(request.operation()).observe(since(start));
        } catch (ApiFailure refused) {
            steps.labels(request.operation().name(), "true", type).observe(since(start));
            throw refused;
        }
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
