package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of CustomResourceDefinitions, in the words and at the paths of Kubernetes 1.32. */
class DefinitionRulesTest {
    private static final String VERSION = "/spec/versions/0";
    private static final String SPEC = VERSION + "/schema/openAPIV3Schema/properties/spec";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /spec/group | one | spec.group: Invalid value: "one": should be a domain with at least one dot
            /spec/versions/0/name | V1 | spec.versions[0].name: Invalid value: "V1": a DNS-1035 label must consist of
            /spec/versions/0/deprecated | false | spec.versions[0].deprecationWarning: Invalid value: "use another": can only be set for deprecated versions
            /spec/versions/0/deprecationWarning | '' | spec.versions[0].deprecationWarning: Invalid value: "": must not be an empty string
            /spec/versions/0/deprecationWarning | "a\\tb" | spec.versions[0].deprecationWarning: Invalid value: "a\\tb": must only contain printable UTF-8 characters; non-printable character found at index 1
            /spec/versions/0/schema | {} | spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required
            /spec/versions/0/schema/openAPIV3Schema/oneOf | [{required: [spec]}] | spec.validation.openAPIV3Schema: Invalid value: {
            /spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/a | {} | spec.validation.openAPIV3Schema.properties[spec].properties[a].type: Required value: must not be empty for specified object fields
            /spec/versions/0/subresources/scale/specReplicasPath | .status.n | spec.subresources.scale.specReplicasPath: Invalid value: ".status.n": should be a json path under .spec
            /spec/versions/0/subresources/scale/statusReplicasPath | status.n | spec.subresources.scale.statusReplicasPath: Invalid value: "status.n": must be a simple json path starting with .
            /spec/versions/0/subresources/scale/labelSelectorPath | .n | spec.subresources.scale.labelSelectorPath: Invalid value: ".n": should be a json path under either .spec or .status
            /spec/versions/0/additionalPrinterColumns/0/type | text | spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string
            /spec/versions/0/additionalPrinterColumns/0/format | x | spec.additionalPrinterColumns[0].format: Invalid value: "x": must be one of byte,date,date-time,double,float,int32,int64,password
            /spec/versions/0/additionalPrinterColumns/0/jsonPath | '' | spec.additionalPrinterColumns[0].JSONPath: Required value
            /spec/versions/0/additionalPrinterColumns/0/jsonPath | spec.x | spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec.x": must be a simple json path starting with .
            /spec/versions/0/selectableFields | [{jsonPath: .spec.zz}] | spec.selectableFields[0].jsonPath: Invalid value: ".spec.zz": is an invalid path: does not refer to a valid field
            /spec/conversion/webhook | {conversionReviewVersions: [v1]} | spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook
            /spec/conversion/strategy | None | spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook
            /spec/conversion/webhook/clientConfig/service/path | c | spec.conversion.webhookClientConfig.service.path: Invalid value: "c": must start with a '/'
            /spec/preserveUnknownFields | true | spec.preserveUnknownFields: Invalid value: true: cannot set to true
            /spec/names/kind | 9T | spec.names.kind: Invalid value: "9T": may have mixed case, but should otherwise match: a DNS-1035 label
            """)
    void mistakesAreNamed(String pointer, String value, String problem) {
        ObjectNode definition = definition();
        KindRows.set(definition, pointer, value);
        assertThat(problems(definition)).anySatisfy(found -> assertThat(found).startsWith(problem));
    }

    @Test
    void whatVersionsSayDifferentlyIsNamedByItsVersion() {
        ObjectNode definition = definition();
        ArrayNode versions = (ArrayNode) definition.at("/spec/versions");
        ObjectNode second = versions.get(0).deepCopy();
        second.put("name", "v2").put("storage", false);
        versions.add(second);
        KindRows.set(definition, "/spec/versions/1/additionalPrinterColumns/0/type", "text");
        KindRows.set(definition, "/spec/versions/0/subresources/scale/specReplicasPath", "'.n'");
        KindRows.set(definition, "/spec/versions/1/subresources/scale/specReplicasPath", "'.n'");
        KindRows.set(definition, "/spec/versions/1/schema/openAPIV3Schema/properties/spec/properties/map", "{}");
        assertThat(problems(definition))
                .satisfiesExactlyInAnyOrder(
                        found -> assertThat(found).startsWith("spec.versions[1].additionalPrinterColumns[0].type: "),
                        found -> assertThat(found).startsWith("spec.subresources.scale.specReplicasPath: "),
                        found -> assertThat(found)
                                .startsWith(
                                        "spec.versions[1].schema.openAPIV3Schema.properties[spec].properties[map].type: "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {rule: self.b}                             | .rule: Invalid value: apiextensions.ValidationRule{Rule:"self.b", Message:"", MessageExpression:"", Reason:(*apiextensions.FieldValueErrorReason)(nil), FieldPath:"", OptionalOldSelf:(*bool)(nil)}: compilation failed: ERROR: <input>:1:5: undefined field 'b'
            {rule: ' '}                                | .rule: Required value: rule is not specified
            {rule: 'true', message: ' '}               | .message: Invalid value: " ": message must be non-empty if specified
            {rule: "true\\n&& true"}                   | .message: Required value: message must be specified if rule contains line breaks
            {rule: 'true', messageExpression: ' '}     | .messageExpression: Required value: messageExpression must be non-empty if specified
            {rule: 'true', reason: Whim}               | .reason: Unsupported value: "Whim": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"
            {rule: 'true', fieldPath: .zz}             | .fieldPath: Invalid value: ".zz": fieldPath must be a valid path
            {rule: 'true', fieldPath: ".map['a.b']"}   |
            {rule: 'true', optionalOldSelf: true}      | .optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule
            """)
    void rulesOfSchemas(String rule, String problem) {
        ObjectNode definition = definition();
        KindRows.set(definition, SPEC + "/x-kubernetes-validations", "[" + rule + "]");
        String path = "spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0]";
        if (problem == null) {
            assertThat(problems(definition)).isEmpty();
        } else {
            assertThat(problems(definition)).singleElement().asString().startsWith(path + problem);
        }
    }

    /** The highest part that cannot be followed is named, as seen from the rule. */
    @Test
    void oldValuesOfAtomicListsAreNotKnown() {
        ObjectNode definition = definition();
        KindRows.set(
                definition,
                SPEC + "/properties/deep",
                "{type: array, maxItems: 3, items: {type: object, x-kubernetes-map-type: atomic, properties: {x: {type:"
                        + " integer, x-kubernetes-validations: [{rule: self > oldSelf}]}}}}");
        String deep = "spec.validation.openAPIV3Schema.properties[spec].properties[deep]";
        assertThat(problems(definition))
                .containsExactly(deep + ".items.properties[x].x-kubernetes-validations[0].rule: Invalid value: \"self >"
                        + " oldSelf\": oldSelf cannot be used on the uncorrelatable portion of the schema within "
                        + deep);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {type: integer, default: 3, x-kubernetes-validations: [{rule: self < 4}]}  |
            {type: integer, default: 3, x-kubernetes-validations: [{rule: self < 3}]}  | .default: Invalid value: "integer": failed rule: self < 3
            {type: object, default: {}, properties: {x: {type: integer, default: 3, x-kubernetes-validations: [{rule: self < 3, message: small}]}}} | .default.x: Invalid value: "integer": small; properties[x].default: Invalid value: "integer": small
            {type: object, default: {x: 3}, properties: {x: {type: integer}}, x-kubernetes-validations: [{rule: self.x < 3, fieldPath: .x}]} | .default.x: Invalid value: "object": failed rule: self.x < 3
            {type: integer, default: 3, x-kubernetes-validations: [{rule: self > oldSelf}]} |
            """)
    void defaultsKeepTheRules(String schema, String wrong) {
        ObjectNode definition = definition();
        KindRows.set(definition, SPEC + "/properties/limited", schema);
        String limited = "spec.validation.openAPIV3Schema.properties[spec].properties[limited]";
        List<String> expected = wrong == null
                ? List.of()
                : Stream.of(wrong.split("; "))
                        .map(one -> limited + (one.startsWith(".") ? "" : ".") + one)
                        .toList();
        assertThat(problems(definition)).containsExactlyElementsOf(expected);
    }

    @Test
    void groupsOfTheCommunityAreApproved() {
        ObjectNode definition = definition();
        KindRows.set(definition, "/spec/group", "example.k8s.io");
        KindRows.set(definition, "/metadata/name", "things.example.k8s.io");
        String field = "metadata.annotations[api-approved.kubernetes.io]";
        assertThat(problems(definition)).singleElement().asString().startsWith(field + ": Required value: protected");
        KindRows.set(definition, "/metadata/annotations", "{api-approved.kubernetes.io: surely}");
        assertThat(problems(definition))
                .singleElement()
                .asString()
                .startsWith(field + ": Invalid value: \"surely\": protected groups must have approval annotation"
                        + " \"api-approved.kubernetes.io\" with either a URL or a reason starting with \"unapproved\"");
        for (String approval : List.of("https://github.com/kubernetes/x/pull/1", "'unapproved, a trial'")) {
            KindRows.set(definition, "/metadata/annotations", "{api-approved.kubernetes.io: " + approval + "}");
            assertThat(problems(definition)).isEmpty();
        }
    }

    @Test
    void oneVersionIsStored() {
        ObjectNode definition = definition();
        KindRows.set(definition, "/spec/versions/0/storage", "false");
        definition.remove("status");
        assertThat(KindRows.problems("customresourcedefinitions.apiextensions.k8s.io", definition))
                .containsExactly(
                        "spec.versions: Invalid value: \"1 versions\": must have exactly one version marked as storage"
                                + " version",
                        "status.storedVersions: Invalid value: []string{}: must have at least one stored version");
    }

    private static ObjectNode definition() {
        return (ObjectNode) KindRows.yaml(ValidObjects.DEFINITION);
    }

    private static List<String> problems(ObjectNode definition) {
        return KindRows.problems("customresourcedefinitions.apiextensions.k8s.io", definition);
    }
}
