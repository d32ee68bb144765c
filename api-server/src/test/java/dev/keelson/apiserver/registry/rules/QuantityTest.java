package dev.keelson.apiserver.registry.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "0.5,500m",
        "1500m,1500m",
        "1000m,1",
        "2000,2k",
        "1500,1500",
        "100000,100k",
        "+1,1",
        "-0.5,-500m",
        "0,0",
        "0Mi,0",
        "1024Mi,1Gi",
        "1000Mi,1000Mi",
        "1.5Gi,1536Mi",
        "0.5Ki,512",
        "0.5Gi,512Mi",
        "128974848,128974848",
        "129e6,129e6",
        "1e3,1e3",
        "12e-1,1200e-3",
        "1n,1n",
        "0.0000000001,1n",
        "1E,1E",
        "100E,9223372036854775807",
        "none,none"
    })
    void isSpelledAsKubernetesSpellsIt(String written, String canonical) {
        assertThat(Quantity.canonical(written)).isEqualTo(canonical);
    }
}
