package dev.keelson.apiserver.registry.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The kinds of {@code admissionregistration.k8s.io/v1}: kept and judged; who obeys them comes with a later capability. */
public final class AdmissionKinds {
    private static final String API_VERSION = "admissionregistration.k8s.io/v1";
    private static final String CATEGORY = "api-extensions";

    private AdmissionKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(
                webhooks("MutatingWebhookConfiguration", "mutatingwebhookconfigurations", true),
                webhooks("ValidatingWebhookConfiguration", "validatingwebhookconfigurations", false),
                policy(),
                binding());
    }

    private static ResourceDefinition webhooks(String kind, String plural, boolean mutating) {
        return Declaration.clusterWide(API_VERSION, kind, plural)
                .categories(CATEGORY)
                .columns(
                        Columns.integer(
                                "Webhooks",
                                "How many webhooks it has.",
                                object -> Columns.size(object.path("webhooks"))),
                        Columns.age())
                .with(KindRules.none()
                        .counting("webhooks")
                        .defaulting(object -> WebhookRules.complete(object, mutating))
                        .checking((object, problems) -> WebhookRules.validate(object, mutating, problems)));
    }

    private static ResourceDefinition policy() {
        return Declaration.clusterWide(API_VERSION, "ValidatingAdmissionPolicy", "validatingadmissionpolicies")
                .categories(CATEGORY)
                .subresources(Subresource.STATUS)
                .columns(
                        Columns.integer(
                                "Validations",
                                "How many rules it has.",
                                policy -> Columns.size(Tree.at(policy, "spec", "validations"))),
                        Columns.text("ParamKind", "The kind of its parameters.", AdmissionKinds::paramKind),
                        Columns.age())
                .with(KindRules.withStatus()
                        .counting("spec")
                        .defaulting(PolicyRules::complete)
                        .checking(PolicyRules::validate)
                        .checkingStatus((updated, old, problems) -> PolicyRules.validateStatus(updated, problems)));
    }

    private static String paramKind(ObjectNode policy) {
        JsonNode kind = Tree.at(policy, "spec", "paramKind");
        return kind.isObject() ? Tree.text(kind, "apiVersion") + "/" + Tree.text(kind, "kind") : "<unset>";
    }

    private static ResourceDefinition binding() {
        return Declaration.clusterWide(
                        API_VERSION, "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings")
                .categories(CATEGORY)
                .columns(
                        Columns.text("PolicyName", "The policy it puts to use.", "", "spec", "policyName"),
                        Columns.text("ParamRef", "Its parameters.", AdmissionKinds::paramRef),
                        Columns.age())
                .with(KindRules.none()
                        .counting("spec")
                        .defaulting(BindingRules::complete)
                        .checking(BindingRules::validate));
    }

    private static String paramRef(ObjectNode binding) {
        JsonNode reference = Tree.at(binding, "spec", "paramRef");
        if (!reference.isObject()) {
            return "<unset>";
        }
        String name = Tree.text(reference, "name");
        if (!name.isEmpty()) {
            // Kubernetes cannot tell here whether it is a kind without namespaces.
            return (Tree.has(reference, "namespace") ? Tree.text(reference, "namespace") : "*") + "/" + name;
        }
        return reference.path("selector").isObject() ? inGo(reference.path("selector")) : "<unset>";
    }

    /** A LabelSelector as Go's protobuf types print themselves. */
    private static String inGo(JsonNode selector) {
        String labels = selector.path("matchLabels").properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(label -> label.getKey() + ": " + label.getValue().asText() + ",")
                .collect(Collectors.joining());
        String expressions = Tree.objects(selector, "matchExpressions").stream()
                .map(expression -> "LabelSelectorRequirement{Key:%s,Operator:%s,Values:[%s],},"
                        .formatted(
                                Tree.text(expression, "key"),
                                Tree.text(expression, "operator"),
                                String.join(" ", Tree.texts(expression, "values"))))
                .collect(Collectors.joining());
        return "&LabelSelector{MatchLabels:map[string]string{%s},MatchExpressions:[]LabelSelectorRequirement{%s},}"
                .formatted(labels, expressions);
    }
}
