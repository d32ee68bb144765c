package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.custom.cel.AdmissionExpressions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of webhooks, admission policies and their bindings, in the words of Kubernetes 1.32. */
class AdmissionKindsTest {
    private static final String GROUP = ".admissionregistration.k8s.io";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            operations  | []             | .operations: Required value
            operations  | [READ]         | .operations[0]: Unsupported value: "READ": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"
            apiGroups   | ['*', apps]    | .apiGroups: Invalid value: []string{"*", "apps"}: if '*' is present, must not specify other API groups
            apiVersions | ['']           | .apiVersions[0]: Required value
            resources   | []             | .resources: Required value
            resources   | ['', pods]     | .resources[0]: Required value
            resources   | ['*', pods]    | .resources: Invalid value: []string{"*", "pods"}: if '*' is present, must not specify other resources without subresources
            resources   | ['*', pods/status] |
            resources   | ['*/*', pods]  | .resources: Invalid value: []string{"*/*", "pods"}: if '*/*' is present, must not specify other resources
            resources   | ['pods/*', pods/log] | .resources[1]: Invalid value: "pods/log": if 'pods/*' is present, must not specify pods/log
            resources   | ['*/scale', pods/scale] | .resources[1]: Invalid value: "pods/scale": if '*/scale' is present, must not specify pods/scale
            scope       | Planet         | .scope: Unsupported value: "Planet": supported values: "*", "Cluster", "Namespaced"
            """)
    void requestsAreToldApart(String field, String value, String problem) {
        for (String rule : List.of(
                "validatingwebhookconfigurations /webhooks/0/rules/0 webhooks[0].rules[0]",
                "validatingadmissionpolicies /spec/matchConstraints/resourceRules/0 spec.matchConstraints.resourceRules[0]")) {
            String[] part = rule.split(" ");
            ObjectNode object = KindRows.changed(part[0] + GROUP, part[1] + "/" + field, value);
            List<String> problems = KindRows.problems(part[0] + GROUP, object);
            assertThat(problems).isEqualTo(problem == null ? List.of() : List.of(part[2] + problem));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /webhooks/0/name | a.b. | .name: Invalid value: "a.b.": a lowercase RFC 1123 subdomain must consist of
            /webhooks/0/sideEffects | Some | .sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"
            /webhooks/0/sideEffects | '' | .sideEffects: Unsupported value: "": supported values: "None", "NoneOnDryRun"
            /webhooks/0/admissionReviewVersions | [v1, v1] | .admissionReviewVersions[1]: Invalid value: "v1": duplicate version
            /webhooks/0/admissionReviewVersions | [v1, V2] | .admissionReviewVersions[1]: Invalid value: "V2": a DNS-1035 label must consist of
            /webhooks/0/admissionReviewVersions | [v9] | .admissionReviewVersions: Invalid value: []string{"v9"}: must include at least one of v1, v1beta1
            /webhooks/0/matchConditions | [{name: a, expression: 'true'}, {name: a, expression: ' '}] | .matchConditions[1].expression: Required value; webhooks[0].matchConditions[1].name: Duplicate value: "a"
            /webhooks/0/matchConditions | [{name: 'a b', expression: 'true'}] | .matchConditions[0].name: Invalid value: "a b": name part must consist of
            /webhooks/0/clientConfig | {url: 'https:///x'} | .clientConfig.url: Invalid value: "": host must be specified; desired format: https://host[/path]
            /webhooks/0/clientConfig | {url: 'https://a:b@h/p?q=1#f'} | .clientConfig.url: Invalid value: "a:b": user information is not permitted in the URL; webhooks[0].clientConfig.url: Invalid value: "f": fragments are not permitted in the URL; webhooks[0].clientConfig.url: Invalid value: "q=1": query parameters are not permitted in the URL
            /webhooks/0/clientConfig | {service: {name: n}} | .clientConfig.service.namespace: Required value: service namespace is required
            /webhooks/0/clientConfig | {service: {namespace: n, name: n, port: 0}} | .clientConfig.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive
            /webhooks/0/clientConfig | {service: {namespace: n, name: n, path: /a//b}} | .clientConfig.service.path: Invalid value: "/a//b": segment[1] may not be empty
            /webhooks/0/clientConfig | {service: {namespace: n, name: n, path: //}} | .clientConfig.service.path: Invalid value: "//": segment[0] may not be empty
            /webhooks/0/clientConfig | {service: {namespace: n, name: n, path: /a/B}} | .clientConfig.service.path: Invalid value: "/a/B": segment[1]: a lowercase RFC 1123 subdomain
            /webhooks/0/clientConfig | {service: {namespace: n, name: n, path: /a/}} |
            """)
    void webhooks(String pointer, String value, String problems) {
        String name = "validatingwebhookconfigurations" + GROUP;
        expect(KindRows.problems(name, KindRows.changed(name, pointer, value)), "webhooks[0]", problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /paramKind | {apiVersion: a/b/c, kind: K} | .paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c
            /paramKind | {apiVersion: g/, kind: K} | .paramKind.apiVersion: Invalid value: "g/": version must be specified
            /paramKind | {apiVersion: v1, kind: 9K} | .paramKind.kind: Invalid value: "9K": may have mixed case, but should otherwise match: a DNS-1035 label
            /variables | [{name: n, expression: '1'}, {name: for, expression: 'true'}] | .variables[1].name: Invalid value: "for": name is not a valid CEL identifier
            /variables | [{name: n, expression: '1'}, {name: m, expression: ' '}] | .variables[1].expression: Required value: expression is not specified
            /validations | [] | .validations: Required value: validations or auditAnnotations must contain at least one item; spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item
            /validations | [{expression: 'true', message: ' '}] | .validations[0].message: Invalid value: " ": message must be non-empty if specified
            /validations | [{expression: 'true', message: "a\\nb"}] | .validations[0].message: Invalid value: "a\\nb": message must not contain line breaks
            /validations | [{expression: 'true', messageExpression: ' '}] | .validations[0].messageExpression: Invalid value: " ": must be non-empty if specified
            /validations | [{expression: 'true', reason: Whim}] | .validations[0].reason: Unsupported value: "Whim": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"
            /auditAnnotations | [{key: k, valueExpression: "'a'"}, {key: k, valueExpression: ''}] | .auditAnnotations[1].valueExpression: Required value: valueExpression is not specified; spec.auditAnnotations[1].key: Duplicate value: "k"
            /auditAnnotations | [{key: a/b, valueExpression: "'a'"}] | .auditAnnotations[0].key: Invalid value: "replicas/a/b": a qualified name must consist of
            /matchConstraints/resourceRules/0/resourceNames | [a, a, b/c] | .matchConstraints.resourceRules[0].resourceNames[1]: Duplicate value: "a"; spec.matchConstraints.resourceRules[0].resourceNames[2]: Invalid value: "b/c": may not contain '/'
            """)
    void policies(String pointer, String value, String problems) {
        String name = "validatingadmissionpolicies" + GROUP;
        expect(KindRows.problems(name, KindRows.changed(name, "/spec" + pointer, value)), "spec", problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /paramRef | {parameterNotFoundAction: Deny} | .paramRef: Required value: one of name or selector must be specified
            /paramRef | {name: a, selector: {}, parameterNotFoundAction: Deny} | .paramRef.name: Forbidden: name and selector are mutually exclusive; spec.paramRef.selector: Forbidden: name and selector are mutually exclusive
            /paramRef | {name: a, parameterNotFoundAction: Shrug} | .paramRef.parameterNotFoundAction: Unsupported value: "Shrug": supported values: "Deny", "Allow"
            /validationActions | [Deny, Deny] | .validationActions[1]: Duplicate value: "Deny"
            /validationActions | [] | .validationActions: Required value: at least one validation action is required
            /matchResources | {matchPolicy: Some} | .matchResouces.matchPolicy: Unsupported value: "Some": supported values: "Equivalent", "Exact"
            """)
    void bindings(String pointer, String value, String problems) {
        String name = "validatingadmissionpolicybindings" + GROUP;
        expect(KindRows.problems(name, KindRows.changed(name, "/spec" + pointer, value)), "spec", problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            variables.n <= 5 && object.spec.replicas < params.data.n | BOOL |
            object.metadata.name | BOOL | must evaluate to bool
            object.spec.replicas < | BOOL | compilation failed: ERROR: <input>:1:
            nothing > 1 | BOOL | compilation failed: ERROR: <input>:1:1: undeclared reference to 'nothing'
            request.userInfo.username == 'a' && request.dryRun && request.kind.group == '' && oldObject == null | BOOL |
            request.who == 'a' | BOOL | compilation failed: ERROR: <input>:1:8: undefined field 'who'
            namespaceObject.metadata.labels['a'] == 'b' && namespaceObject.status.phase == 'Active' | BOOL |
            authorizer.group('apps').resource('deployments').namespace('a').name('b').check('get').allowed() | BOOL |
            authorizer.path('/healthz').check('get').allowed() && authorizer.requestResource.check('x').errored() | BOOL |
            authorizer.serviceAccount('a', 'b').group('').resource('pods').fieldSelector('a=b').check('list').allowed() | BOOL |
            authorizer.allowed() | BOOL | compilation failed: ERROR: <input>:1:19: found no matching overload for 'allowed'
            quantity('1Gi').isGreaterThan(quantity('1Mi')) && 'a,b'.split(',').size() == 2 | BOOL |
            1 | TEXT_OR_NULL | must evaluate to one of [string null_type]
            null | TEXT_OR_NULL |
            """)
    void expressionsAreCompiled(String expression, AdmissionExpressions.Result result, String problem) {
        AdmissionExpressions expressions = new AdmissionExpressions(true);
        assertThat(expressions.define("n", "object.spec.replicas")).isEmpty();
        if (problem == null) {
            assertThat(expressions.problem(expression, result)).isEmpty();
        } else {
            assertThat(expressions.problem(expression, result))
                    .hasValueSatisfying(words -> assertThat(words).startsWith(problem));
        }
    }

    @Test
    void whereThereAreNoParametersAndNobodyToAskNothingOfThemIsKnown() {
        AdmissionExpressions expressions = new AdmissionExpressions(false);
        assertThat(expressions.problem("params.a == 1", AdmissionExpressions.Result.BOOL))
                .hasValueSatisfying(words -> assertThat(words).contains("undeclared reference to 'params'"));
        assertThat(expressions.problemOfMessage("authorizer.path('/').check('get').reason()"))
                .hasValueSatisfying(words -> assertThat(words).contains("undeclared reference to 'authorizer'"));
        assertThat(expressions.problemOfMessage("'no ' + string(object.spec.replicas)"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /variables | [{name: n, expression: 'x'}] | .variables[0].expression: Invalid value: "x": compilation failed: ERROR
            /validations | [{expression: '1'}] | .validations[0].expression: Invalid value: "1": must evaluate to bool
            /validations | [{expression: 'true', messageExpression: '1'}] | .validations[0].messageExpression: Invalid value: "1": must evaluate to string
            /auditAnnotations | [{key: k, valueExpression: '1'}] | .auditAnnotations[0].valueExpression: Invalid value: "1": must evaluate to one of [string null_type]
            /matchConditions | [{name: a, expression: '1'}] | .matchConditions[0].expression: Invalid value: "1": must evaluate to bool
            """)
    void whatDoesNotCompileIsRefusedAtItsPath(String pointer, String value, String problem) {
        String name = "validatingadmissionpolicies" + GROUP;
        assertThat(KindRows.problems(name, KindRows.changed(name, "/spec" + pointer, value)))
                .first()
                .asString()
                .startsWith("spec" + problem);
    }

    @Test
    void rulesThatExcludeAreCompletedToo() {
        String name = "validatingadmissionpolicybindings" + GROUP;
        ObjectNode binding = KindRows.created(
                name, KindRows.changed(name, "/spec/matchResources", "{excludeResourceRules: [{operations: ['*']}]}"));
        assertThat(binding.at("/spec/matchResources/excludeResourceRules/0/scope")
                        .asText())
                .isEqualTo("*");
    }

    /** All problems, in their order; the last may go on after what is expected. */
    private static void expect(List<String> problems, String path, String expected) {
        if (expected == null) {
            assertThat(problems).isEmpty();
            return;
        }
        String[] wanted = (path + expected).split("; (?=" + path.substring(0, 4) + ")");
        assertThat(problems).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(problems.get(i)).startsWith(wanted[i]);
        }
    }
}
