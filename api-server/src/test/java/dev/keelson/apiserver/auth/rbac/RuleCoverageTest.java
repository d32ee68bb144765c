package dev.keelson.apiserver.auth.rbac;

import static dev.keelson.apiserver.auth.rbac.RbacIndexTest.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.auth.PolicyRule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleCoverageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get list ; core ; pods services | get ; core ; pods | ",
                "get ; core ; pods | get list ; core ; pods | {APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"list\"]}",
                "get ; core ; pods | get list watch ; core ; pods | {APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"list\" \"watch\"]}",
                "* ; * ; * | delete ; apps ; deployments/scale | ",
                "* ; core ; * | get ; apps ; deployments | {APIGroups:[\"apps\"], Resources:[\"deployments\"], Verbs:[\"get\"]}",
                "get ; core ; pods | get ; * ; pods | {APIGroups:[\"*\"], Resources:[\"pods\"], Verbs:[\"get\"]}",
                "get ; * ; */scale | get ; apps ; deployments/scale | ",
                "get ; core ; pods ; a b | get ; core ; pods ; a | ",
                "get ; core ; pods ; a | get ; core ; pods ; a b | {APIGroups:[\"\"], Resources:[\"pods\"], ResourceNames:[\"b\"], Verbs:[\"get\"]}",
                "get ; core ; pods ; a | get ; core ; pods | {APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"get\"]}",
                "get @ /logs/* | get @ /logs/a | ",
                "get @ /logs/a | get @ /logs/* | {NonResourceURLs:[\"/logs/*\"], Verbs:[\"get\"]}"
            })
    void whatIsMissingIsNamedExactly(String held, String wanted, String missing) {
        assertThat(RuleCoverage.missing(rules(held), rules(wanted)).stream().map(PolicyRule::shown))
                .containsExactlyElementsOf(missing == null ? java.util.List.<String>of() : java.util.List.of(missing));
    }
}
