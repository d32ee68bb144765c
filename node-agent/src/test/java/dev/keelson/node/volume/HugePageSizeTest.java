package dev.keelson.node.volume;

import static dev.keelson.node.resource.SpecPods.container;
import static dev.keelson.node.resource.SpecPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HugePageSizeTest {
    private static final long MIB = 1 << 20;
    private static final Map<Long, Long> POOLS = Map.of(2 * MIB, 16 * MIB, 1024 * MIB, 0L);

    @ParameterizedTest
    @CsvSource({
        "HugePages,     hugepages-2Mi=4Mi",
        "HugePages-2Mi, hugepages-2Mi=4Mi",
        "HugePages-2Mi, hugepages-2Mi=4Mi hugepages-1Gi=1Gi",
        "HugePages-2Mi, hugepages-2048Ki=4Mi",
    })
    void isWhatThePodAsksFor(String medium, String limits) {
        assertThat(HugePageSize.of(medium, asking(limits), POOLS)).isEqualTo(2 * MIB);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HugePages | memory=1Mi | huge pages of exactly one size, these ask for []",
                "HugePages | hugepages-2Mi=4Mi hugepages-1Gi=1Gi | exactly one size, these ask for [1Gi, 2Mi]",
                "HugePages-2Mi | memory=1Mi | needs a container with a limit of hugepages-2Mi",
                "HugePages-1Gi | hugepages-1Gi=1Gi | this node keeps no huge pages of 1Gi; /sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages",
                "HugePages-large | memory=1Mi | names no size of a page",
            })
    void isRefusedWithWhatWouldBeAccepted(String medium, String limits, String why) {
        assertThatThrownBy(() -> HugePageSize.of(medium, asking(limits), POOLS))
                .isInstanceOf(VolumeProblem.class)
                .hasMessageContaining(why);
    }

    private static PodSpec asking(String limits) {
        return pod(container("app", "", limits));
    }
}
