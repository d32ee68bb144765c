package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of the kinds that run pods: apps, batch, autoscaling and ReplicationControllers. */
class WorkloadKindsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "replicationcontrollers | /spec/selector | {app: x} | spec.template.metadata.labels | Invalid value: map[string]string{\"app\":\"web\"}: `selector` does not match template `labels`",
                "replicationcontrollers | /spec/template | - | spec.template | Required value",
                "replicationcontrollers | /spec/template/spec/restartPolicy | Never | spec.template.spec.restartPolicy | Unsupported value: \"Never\": supported values: \"Always\"",
                "daemonsets.apps | /spec/selector | {} | spec.selector | Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for daemonset",
                "daemonsets.apps | /spec/updateStrategy/rollingUpdate | {maxUnavailable: 0} | spec.updateStrategy.rollingUpdate.maxUnavailable | Required value: cannot be 0 when maxSurge is 0",
                "daemonsets.apps | /spec/updateStrategy/rollingUpdate | {maxSurge: 1} | spec.updateStrategy.rollingUpdate.maxSurge | Invalid value: intstr.IntOrString{Type:0, IntVal:1, StrVal:\"\"}: may not be set when maxUnavailable is non-zero",
                "daemonsets.apps | /spec/updateStrategy | {type: Now} | spec.updateStrategy | Unsupported value: apps.DaemonSetUpdateStrategy{Type:\"Now\", RollingUpdate:(*apps.RollingUpdateDaemonSet)(nil)}: supported values: \"RollingUpdate\", \"OnDelete\"",
                "daemonsets.apps | /spec/selector | - | spec.template.metadata.labels | Invalid value: map[string]string{\"app\":\"agent\"}: `selector` does not match template `labels`",
                "statefulsets.apps | /spec/updateStrategy | {type: Now} | spec.updateStrategy | Invalid value: apps.StatefulSetUpdateStrategy{Type:\"Now\", RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)(nil)}: must be 'RollingUpdate' or 'OnDelete'",
                "statefulsets.apps | /spec/template/metadata/labels | {app: db, a: '-'} | spec.template.labels | Invalid value: \"-\": a valid label",
                "statefulsets.apps | /spec/podManagementPolicy | Random | spec.podManagementPolicy | Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'",
                "statefulsets.apps | /spec/updateStrategy | {type: OnDelete, rollingUpdate: {partition: 1}} | spec.updateStrategy.rollingUpdate | Invalid value: {\"partition\":1}: only allowed for updateStrategy 'RollingUpdate'",
                "statefulsets.apps | /spec/persistentVolumeClaimRetentionPolicy | {whenScaled: Keep} | spec.persistentVolumeClaimRetentionPolicy.whenScaled | Unsupported value: \"Keep\"",
                "controllerrevisions.apps | /data | - | data | Required value: data is mandatory",
                "controllerrevisions.apps | /revision | -1 | revision | Invalid value: -1: must be greater than or equal to 0",
                "jobs.batch | /spec/completions | - | spec.completions | Required value: when completion mode is Indexed",
                "jobs.batch | /metadata/name | job-of-a-name-that-leaves-no-place-for-the-last-index-in-a-label | metadata.name | Invalid value: \"job-of-a-name-that-leaves-no-place-for-the-last-index-in-a-label\": will not able to create pod with invalid DNS label: job-of-a-name-that-leaves-no-place-for-the-last-index-in-a-label-",
                "jobs.batch | /metadata/name | dotted.name | metadata.name | Invalid value: \"dotted.name\": will not able to create pod with invalid DNS label: dotted.name-",
                "jobs.batch | /spec/template/spec/restartPolicy | Always | spec.template.spec.restartPolicy | Required value: valid values: \"OnFailure\", \"Never\"",
                "jobs.batch | /spec/template/spec/restartPolicy | OnFailure | spec.template.spec.restartPolicy | Invalid value: \"OnFailure\": only \"Never\" is supported when podFailurePolicy is specified",
                "jobs.batch | /spec/selector | {matchLabels: {a: b}} | spec.selector | Invalid value: ",
                "jobs.batch | /spec/completionMode | NonIndexed | spec.backoffLimitPerIndex | Invalid value: 1: requires indexed completion mode",
                "jobs.batch | /spec/podFailurePolicy | {rules: [{action: Retry, onPodConditions: [{type: A}]}]} | spec.podFailurePolicy.rules[0].action | Unsupported value: \"Retry\": supported values: \"Count\", \"FailIndex\", \"FailJob\", \"Ignore\"",
                "jobs.batch | /spec/podFailurePolicy | {rules: [{action: FailJob}]} | spec.podFailurePolicy.rules[0] | Invalid value: specifying one of OnExitCodes and OnPodConditions is required",
                "jobs.batch | /spec/podFailurePolicy | {rules: [{action: FailJob, onExitCodes: {operator: In, values: [2, 0]}}]} | spec.podFailurePolicy.rules[0].onExitCodes.values | Invalid value: []int32{2, 0}: must be ordered",
                "jobs.batch | /spec/podFailurePolicy | {rules: [{action: FailJob, onExitCodes: {operator: In, values: [0]}}]} | spec.podFailurePolicy.rules[0].onExitCodes.values[0] | Invalid value: 0: must not be 0 for the In operator",
                "jobs.batch | /spec/podFailurePolicy | {rules: [{action: FailJob, onExitCodes: {operator: In, values: [1, 1]}}]} | spec.podFailurePolicy.rules[0].onExitCodes.values[1] | Duplicate value: 1",
                "jobs.batch | /spec/podFailurePolicy | {rules: [{action: FailJob, onExitCodes: {containerName: x, values: [1]}}]} | spec.podFailurePolicy.rules[0].onExitCodes.operator | Required value: valid values: [\"In\" \"NotIn\"]",
                "jobs.batch | /spec/podFailurePolicy | {rules: [{action: FailJob, onExitCodes: {operator: In, containerName: x, values: [1]}}]} | spec.podFailurePolicy.rules[0].onExitCodes.containerName | Invalid value: \"x\": must be one of the container or initContainer names in the pod template",
                "jobs.batch | /spec/successPolicy | {rules: []} | spec.successPolicy.rules | Required value: at least one rules must be specified when the successPolicy is specified",
                "jobs.batch | /spec/successPolicy | {rules: [{succeededCount: 4}]} | spec.successPolicy.rules[0].succeededCount | Invalid value: 4: must be less than or equal to 3 (the number of specified completions)",
                "jobs.batch | /spec/successPolicy | {rules: [{succeededIndexes: '0,2', succeededCount: 3}]} | spec.successPolicy.rules[0].succeededCount | Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)",
                "jobs.batch | /spec/successPolicy | {rules: [{succeededIndexes: '0-3'}]} | spec.successPolicy.rules[0].succeededIndexes | Invalid value: \"0-3\": error parsing succeededIndexes: too large index: \"3\"",
                "jobs.batch | /spec/successPolicy | {rules: [{succeededIndexes: '1,0'}]} | spec.successPolicy.rules[0].succeededIndexes | Invalid value: \"1,0\": error parsing succeededIndexes: non-increasing order, previous: 1, current: 0",
                "jobs.batch | /spec/successPolicy | {rules: [{succeededIndexes: '1-2-3'}]} | spec.successPolicy.rules[0].succeededIndexes | Invalid value: \"1-2-3\": error parsing succeededIndexes: the fragment \"1-2-3\" violates the requirement",
                "jobs.batch | /spec/successPolicy | {rules: [{succeededIndexes: a}]} | spec.successPolicy.rules[0].succeededIndexes | Invalid value: \"a\": error parsing succeededIndexes: cannot convert string to integer for index: \"a\"",
                "jobs.batch | /spec/podReplacementPolicy | TerminatingOrFailed | spec.podReplacementPolicy | Unsupported value: \"TerminatingOrFailed\": supported values: \"Failed\"",
                "jobs.batch | /spec/completionMode | Any | spec.completionMode | Unsupported value: \"Any\": supported values: \"NonIndexed\", \"Indexed\"",
                "jobs.batch | /spec/completions | 100001 | spec.maxFailedIndexes | Required value: must be specified when completions is above 100000",
                "jobs.batch | /spec/template/spec/restartPolicy | Sometimes | spec.template.spec.restartPolicy | Unsupported value: \"Sometimes\": supported values: \"OnFailure\", \"Never\"",
                "jobs.batch | /spec/template/metadata/labels | {job-name: other} | spec.template.metadata.labels[job-name] | Invalid value: map[string]string{",
                "jobs.batch | /spec/managedBy | A.io/x | spec.managedBy | Invalid value: \"A.io\": a lowercase RFC 1123 subdomain",
                "jobs.batch | /spec/managedBy | 'a.io/ x' | spec.managedBy | Invalid value: \" x\": Invalid path (regex used for validation is",
                "jobs.batch | /spec/maxFailedIndexes | 4 | spec.maxFailedIndexes | Invalid value: 4: must be less than or equal to completions",
                "jobs.batch | /spec/managedBy | me | spec.managedBy | Invalid value: \"me\": must be a domain-prefixed path (such as \"acme.io/foo\")",
                "cronjobs.batch | /spec/schedule | 61 * * * * | spec.schedule | Invalid value: \"61 * * * *\": end of range (61) above maximum (59): 61",
                "cronjobs.batch | /spec/schedule | a b c | spec.schedule | Invalid value: \"a b c\": expected exactly 5 fields, found 3: [a b c]",
                "cronjobs.batch | /spec/schedule | TZ=UTC * * * * * | spec.schedule | Invalid value: \"TZ=UTC * * * * *\": cannot use TZ or CRON_TZ in schedule, use timeZone field instead",
                "cronjobs.batch | /spec/timeZone | Moon/Base | spec.timeZone | Invalid value: \"Moon/Base\": unknown time zone Moon/Base",
                "cronjobs.batch | /spec/timeZone | local | spec.timeZone | Invalid value: \"local\": timeZone must be an explicit time zone",
                "cronjobs.batch | /spec/concurrencyPolicy | Maybe | spec.concurrencyPolicy | Unsupported value: \"Maybe\": supported values: \"Allow\", \"Forbid\", \"Replace\"",
                "cronjobs.batch | /spec/jobTemplate/spec/selector | {matchLabels: {a: b}} | spec.jobTemplate.spec.selector | Invalid value: v1.LabelSelector{MatchLabels:map[string]string{\"a\":\"b\"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: `selector` will be auto-generated",
                "horizontalpodautoscalers.autoscaling | /spec/maxReplicas | 1 | spec.maxReplicas | Invalid value: 1: must be greater than or equal to `minReplicas`",
                "horizontalpodautoscalers.autoscaling | /spec/maxReplicas | 0 | spec.maxReplicas | Invalid value: 0: must be greater than 0",
                "horizontalpodautoscalers.autoscaling | /spec/scaleTargetRef/name | - | spec.scaleTargetRef.name | Required value",
                "horizontalpodautoscalers.autoscaling | /spec/metrics/0/resource/target/type | Most | spec.metrics[0].resource.target.type | Invalid value: \"Most\": must be either Utilization, Value, or AverageValue",
                "horizontalpodautoscalers.autoscaling | /spec/behavior/scaleDown/stabilizationWindowSeconds | -1 | spec.behavior.scaleDown.stabilizationWindowSeconds | Invalid value: -1: must be greater than or equal to zero",
                "horizontalpodautoscalers.autoscaling | /spec/behavior/scaleDown/policies | [{type: Pods, value: 0, periodSeconds: 1}] | spec.behavior.scaleDown.policies[0].value | Invalid value: 0: must be greater than zero",
                "horizontalpodautoscalers.autoscaling | /spec/metrics/0/type | Weather | spec.metrics[0].type | Unsupported value: \"Weather\"",
                "horizontalpodautoscalers.autoscaling | /spec/metrics/1/resource | {name: cpu} | spec.metrics[1].resource | Forbidden: must populate the given metric source only",
                "horizontalpodautoscalers.autoscaling | /spec/metrics/0/resource/target | {type: Utilization} | spec.metrics[0].resource.target.averageUtilization | Required value: must set either a target raw value or a target utilization",
                "horizontalpodautoscalers.autoscaling | /spec/metrics/0/resource/target | {type: Utilization, averageUtilization: 5, averageValue: 1} | spec.metrics[0].resource.target.averageValue | Forbidden: may not set both a target raw value and a target utilization",
                "horizontalpodautoscalers.autoscaling | /spec/metrics/1/pods/target | {type: Value, value: 5} | spec.metrics[1].pods.target.averageValue | Required value: must specify a positive target averageValue",
                "horizontalpodautoscalers.autoscaling | /spec/behavior/scaleDown/stabilizationWindowSeconds | 4000 | spec.behavior.scaleDown.stabilizationWindowSeconds | Invalid value: 4000: must be less than or equal to 3600",
            })
    void mistakesAreNamed(String kind, String pointer, String value, String field, String message) {
        KindRows.expect(KindRows.problems(kind, KindRows.changed(kind, pointer, value)), field, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "daemonsets.apps | /spec/selector/matchLabels | {app: x} | spec.selector | Invalid value: v1.LabelSelector{MatchLabels:map[string]string{\"app\":\"x\"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable",
                "statefulsets.apps | /spec/serviceName | other | spec | Forbidden: updates to statefulset spec for fields other than 'replicas'",
                "controllerrevisions.apps | /data | {a: b} | data | Invalid value: {\"a\":\"b\"}: field is immutable",
                "jobs.batch | /spec/completions | 9 | spec.completions | Invalid value: 9: can only be modified in tandem with spec.parallelism",
                "jobs.batch | /spec/template/spec/affinity | {podAffinity: {}} | spec.template | Invalid value: ",
                "jobs.batch | /spec/completionMode | NonIndexed | spec.completionMode | Invalid value: \"NonIndexed\": field is immutable",
                "jobs.batch | /spec/template/spec/nodeSelector | {a: b} | spec.template | Invalid value: ",
            })
    void changesAreRefused(String kind, String pointer, String value, String field, String message) {
        KindRows.expect(KindRows.changeProblems(kind, pointer, value), field, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "statefulsets.apps | /spec/replicas | 5",
                "statefulsets.apps | /spec/template/spec/containers/0/image | db:2",
                "jobs.batch | /spec/parallelism | 7",
                "jobs.batch | /spec/suspend | true",
            })
    void changesAreAccepted(String kind, String pointer, String value) {
        assertThat(KindRows.changeProblems(kind, pointer, value)).isEmpty();
    }

    @Test
    void aSuspendedJobMayStillBeQueuedElsewhere() {
        ResourceStrategy strategy = KindRows.kind("jobs.batch").strategy();
        ObjectNode old = KindRows.created("jobs.batch", KindRows.changed("jobs.batch", "/spec/suspend", "true"));
        ObjectNode updated = old.deepCopy();
        updated.withObject("/spec/template/spec").putObject("nodeSelector").put("a", "b");
        assertThat(strategy.validateUpdate(updated, old)).isEmpty();
        ((ObjectNode) updated.at("/spec/template/spec/containers/0")).put("image", "c:2");
        assertThat(strategy.validateUpdate(updated, old)).isNotEmpty();
    }

    @Test
    void aJobSelectsItsPodsByItsUid() {
        JsonNode job = KindRows.created("jobs.batch");
        assertThat(job.at("/spec/selector/matchLabels"))
                .isEqualTo(KindRows.yaml("{batch.kubernetes.io/controller-uid: 0a1b}"));
        assertThat(job.at("/spec/template/metadata/labels"))
                .isEqualTo(
                        KindRows.yaml(
                                "{batch.kubernetes.io/controller-uid: 0a1b, controller-uid: 0a1b, batch.kubernetes.io/job-name: once, job-name: once}"));
        assertThat(job.at("/spec/backoffLimit").asInt()).isEqualTo(Integer.MAX_VALUE);
        assertThat(job.at("/spec/podReplacementPolicy").asText()).isEqualTo("Failed");
        assertThat(job.at("/spec/podFailurePolicy/rules/0/onPodConditions/0/status")
                        .asText())
                .isEqualTo("True");
    }

    @Test
    void defaultsAreThoseOfKubernetes() {
        JsonNode controller = KindRows.created("replicationcontrollers");
        assertThat(controller.at("/spec/selector")).isEqualTo(KindRows.yaml("{app: web}"));
        assertThat(controller.at("/metadata/labels")).isEqualTo(KindRows.yaml("{app: web}"));
        JsonNode set = KindRows.created("statefulsets.apps").path("spec");
        assertThat(set.at("/updateStrategy"))
                .isEqualTo(KindRows.yaml("{type: RollingUpdate, rollingUpdate: {partition: 0}}"));
        assertThat(set.at("/volumeClaimTemplates/0/spec/volumeMode").asText()).isEqualTo("Filesystem");
        assertThat(set.at("/volumeClaimTemplates/0/status/phase").asText()).isEqualTo("Pending");
        JsonNode daemon = KindRows.created("daemonsets.apps").path("spec");
        assertThat(daemon.at("/updateStrategy/rollingUpdate"))
                .isEqualTo(KindRows.yaml("{maxUnavailable: 20%, maxSurge: 0}"));
        JsonNode cron = KindRows.created("cronjobs.batch").path("spec");
        assertThat(cron.at("/jobTemplate/spec").has("backoffLimit")).isFalse();
        assertThat(cron.path("successfulJobsHistoryLimit").asInt()).isEqualTo(3);
        JsonNode scaler = KindRows.created("horizontalpodautoscalers.autoscaling");
        assertThat(scaler.at("/spec/behavior/scaleDown/selectPolicy").asText()).isEqualTo("Max");
    }

    @ParameterizedTest
    @ValueSource(strings = {"@every 1h30m", "@daily", "0 0 * * 0", "*/15 8-18 * * mon-fri", "1,2,3 ? 1/2 jan-mar *"})
    void schedulesOfEveryFormAreAccepted(String schedule) {
        assertThat(KindRows.problems(
                        "cronjobs.batch", KindRows.changed("cronjobs.batch", "/spec/schedule", "\"" + schedule + "\"")))
                .isEmpty();
    }

    @Test
    void tablesShowWhatKubectlUsersKnow() {
        assertThat(KindRows.cells("statefulsets.apps", KindRows.created("statefulsets.apps")))
                .containsExactly("0/3", "<unknown>", "db", "db:1");
        assertThat(KindRows.cells("daemonsets.apps", KindRows.created("daemonsets.apps")))
                .containsExactly(0L, 0L, 0L, 0L, 0L, "disk=ssd", "<unknown>", "agent", "agent:1", "app=agent");
        ObjectNode job = KindRows.created("jobs.batch");
        job.set(
                "status",
                KindRows.yaml(
                        "{startTime: '2026-01-01T00:00:00Z', completionTime: '2026-01-01T00:01:30Z', succeeded: 3, conditions: [{type: Complete, status: 'True'}]}"));
        assertThat(KindRows.cells("jobs.batch", job)).startsWith("Complete", "3/3", "90s");
        assertThat(KindRows.cells("cronjobs.batch", KindRows.created("cronjobs.batch")))
                .containsExactly(
                        "*/5 0-6,22 1 JAN,3 MON-FRI",
                        "Europe/Berlin",
                        "False",
                        0L,
                        "<none>",
                        "<unknown>",
                        "c",
                        "c:1",
                        "<none>");
        assertThat(KindRows.cells("controllerrevisions.apps", KindRows.created("controllerrevisions.apps")))
                .containsExactly("statefulset.apps/db", 1L, "<unknown>");
        ObjectNode scaler = KindRows.created("horizontalpodautoscalers.autoscaling");
        scaler.set(
                "status",
                KindRows.yaml(
                        "{currentReplicas: 3, currentMetrics: [{type: Resource, resource: {name: cpu, current: {averageUtilization: 42}}}]}"));
        assertThat(KindRows.cells("horizontalpodautoscalers.autoscaling", scaler))
                .containsExactly("Deployment/web", "cpu: 42%/70%, <unknown>/1k", "2", 5L, 3L, "<unknown>");
    }

    @Test
    void aStatefulSetMountsTheClaimsOfItsTemplates() {
        assertThat(KindRows.problems(
                        "statefulsets.apps",
                        KindRows.changed(
                                "statefulsets.apps",
                                "/spec/template/spec/containers/0/volumeMounts",
                                "[{name: disk, mountPath: /data}]")))
                .isEmpty();
    }

    @Test
    void namesOfStatefulSetsAreLabels() {
        assertThat(KindRows.kind("statefulsets.apps").strategy().nameRule()).isEqualTo(NameRule.DNS_LABEL);
    }

    @Test
    void nameOfANewCronJobLeavesPlaceForTheTimeOfItsJobs() {
        String name = "a123456789a123456789a123456789a123456789a123456789abc";
        ObjectNode cronJob =
                KindRows.created("cronjobs.batch", KindRows.changed("cronjobs.batch", "/metadata/name", name));
        ResourceStrategy strategy = KindRows.kind("cronjobs.batch").strategy();
        assertThat(strategy.validateCreate(cronJob))
                .extracting(FieldError::message)
                .containsExactly("Invalid value: \"" + name + "\": must be no more than 52 characters");
        assertThat(strategy.validate(cronJob)).isEmpty();
    }
}
