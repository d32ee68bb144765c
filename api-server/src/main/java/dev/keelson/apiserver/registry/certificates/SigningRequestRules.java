package dev.keelson.apiserver.registry.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a valid CertificateSigningRequest is (Kubernetes' {@code certificates/validation}). */
final class SigningRequestRules {
    private static final List<String> USAGES = List.of(
            "signing",
            "digital signature",
            "content commitment",
            "key encipherment",
            "key agreement",
            "data encipherment",
            "cert sign",
            "crl sign",
            "encipher only",
            "decipher only",
            "any",
            "server auth",
            "client auth",
            "code signing",
            "email protection",
            "s/mime",
            "ipsec end system",
            "ipsec tunnel",
            "ipsec user",
            "timestamping",
            "ocsp signing",
            "microsoft sgc",
            "netscape sgc");
    private static final String BEGIN = "-----BEGIN CERTIFICATE REQUEST-----";
    private static final String END = "-----END CERTIFICATE REQUEST-----";
    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s([^-]*)-----END \\1-----");
    private static final String CONDITIONS = "status.conditions";
    private static final int SHORTEST_SECONDS = 600;
    private static final String SIGNER = "spec.signerName";
    private static final int LONGEST_DOMAIN = 253;
    private static final int LONGEST_SIGNER = 571;

    private SigningRequestRules() {}

    static void validate(ObjectNode request, Problems problems) {
        JsonNode spec = request.path("spec");
        if (!isRequest(spec.path("request").asText(""))) {
            problems.invalidShown(
                    "spec.request", GoSyntax.bytes(spec.path("request")), "PEM block type must be CERTIFICATE REQUEST");
        }
        if (spec.path("usages").isEmpty()) {
            problems.required("spec.usages", "");
        }
        Set<String> seen = new HashSet<>();
        Tree.items(spec.path("usages"), "spec.usages").forEach(item -> {
            problems.oneOf(item.path(), item.value(), USAGES);
            if (!seen.add(item.value().asText())) {
                problems.duplicate(item.path(), item.value());
            }
        });
        if (problems.requireText("spec", spec, "signerName", "")) {
            signer(spec.path("signerName"), problems);
        }
        JsonNode seconds = spec.path("expirationSeconds");
        if (seconds.isNumber() && seconds.asLong() < SHORTEST_SECONDS) {
            problems.invalid(
                    "spec.expirationSeconds", seconds, "may not specify a duration less than 600 seconds (10 minutes)");
        }
    }

    /** The field is base64 of PEM, of which only the frame is looked at here; who signs reads the rest. */
    private static boolean isRequest(String field) {
        try {
            String pem = new String(Base64.getMimeDecoder().decode(field), StandardCharsets.US_ASCII);
            int begin = pem.indexOf(BEGIN);
            int end = pem.indexOf(END);
            return begin >= 0
                    && end > begin
                    && Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end)).length > 0;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static void signer(JsonNode signer, Problems problems) {
        String[] parts = signer.asText().split("/", -1);
        if (signer.asText().equals("kubernetes.io/legacy-unknown")) {
            problems.invalid(SIGNER, signer, "the legacy signerName is not allowed via this API version");
            return;
        }
        if (parts.length != 2) {
            problems.invalid(
                    SIGNER, signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        if (parts[0].length() > LONGEST_DOMAIN) {
            problems.tooLong(SIGNER, LONGEST_DOMAIN);
        }
        labels(parts[0], NameRule.DNS_LABEL, problems);
        if (!parts[0].contains(".")) {
            problems.invalid(SIGNER, parts[0], "should be a domain with at least two segments separated by dots");
        }
        labels(parts[1], NameRule.DNS_SUBDOMAIN, problems);
        if (signer.asText().length() > LONGEST_SIGNER) {
            problems.tooLong(SIGNER, LONGEST_SIGNER);
        }
    }

    /** The first part between dots that is wrong is named. */
    private static void labels(String part, NameRule rule, Problems problems) {
        for (String label : part.split("\\.", -1)) {
            List<String> words = rule.problems(label);
            if (!words.isEmpty()) {
                problems.invalid(SIGNER, part, "validating label \"%s\": %s".formatted(label, String.join(",", words)));
                return;
            }
        }
    }

    private static void conditions(ObjectNode request, Problems problems) {
        Set<String> types = new HashSet<>();
        Tree.items(Tree.at(request, "status", "conditions"), CONDITIONS).forEach(item -> {
            String type = Tree.text(item.value(), "type");
            if (type.isEmpty()) {
                problems.required(item.path() + ".type", "");
            } else if (!types.add(type)) {
                problems.duplicate(item.path() + ".type", item.value().path("type"));
            }
            String status = Tree.text(item.value(), "status");
            boolean decision = List.of("Approved", "Denied", "Failed").contains(type);
            if (status.isEmpty()) {
                problems.required(item.path() + ".status", "");
            } else if (decision && !status.equals("True")) {
                problems.notSupported(item.path() + ".status", item.value().path("status"), List.of("True"));
            } else if (!List.of("True", "False", "Unknown").contains(status)) {
                problems.notSupported(
                        item.path() + ".status", item.value().path("status"), List.of("False", "True", "Unknown"));
            }
        });
        if (types.containsAll(List.of("Approved", "Denied"))) {
            problems.invalid(CONDITIONS, "Denied", "Approved and Denied conditions are mutually exclusive");
        }
    }

    /** Who approves or denies decides, and issues nothing. */
    static void validateApproval(ObjectNode updated, ObjectNode old, Problems problems) {
        conditions(updated, problems);
        decisionsStay(updated, old, problems);
    }

    /** Who issues a certificate does so once, and decides nothing. */
    static void validateStatus(ObjectNode updated, ObjectNode old, Problems problems) {
        conditions(updated, problems);
        decisionsStay(updated, old, problems);
        for (String type : List.of("Approved", "Denied")) {
            List<ObjectNode> now = conditions(updated, type);
            List<ObjectNode> then = conditions(old, type);
            if (now.size() > then.size()) {
                problems.forbidden(CONDITIONS, "updates may not add a condition of type \"" + type + "\"");
            } else if (now.size() == then.size() && !now.equals(then)) {
                problems.forbidden(CONDITIONS, "updates may not modify a condition of type \"" + type + "\"");
            }
        }
        JsonNode issued = Tree.at(old, "status", "certificate");
        JsonNode certificate = Tree.at(updated, "status", "certificate");
        if (Tree.same(certificate, issued)) {
            return;
        }
        certificateProblem(certificate.asText(""))
                .ifPresent(words -> problems.invalid("status.certificate", "<certificate data>", words));
        if (Tree.has(issued)) {
            problems.forbidden("status.certificate", "updates may not modify existing certificate content");
        }
    }

    private static void decisionsStay(ObjectNode updated, ObjectNode old, Problems problems) {
        for (String type : List.of("Approved", "Denied", "Failed")) {
            if (conditions(updated, type).size() < conditions(old, type).size()) {
                problems.forbidden(CONDITIONS, "updates may not remove a condition of type \"" + type + "\"");
            }
        }
    }

    private static List<ObjectNode> conditions(ObjectNode request, String type) {
        return Tree.objects(request, "status", "conditions").stream()
                .filter(condition -> Tree.text(condition, "type").equals(type))
                .toList();
    }

    /** The field is base64 of PEM with one certificate or more, and nothing else. */
    private static Optional<String> certificateProblem(String field) {
        if (field.isEmpty()) {
            return Optional.empty();
        }
        try {
            Matcher blocks = PEM.matcher(new String(Base64.getDecoder().decode(field), StandardCharsets.ISO_8859_1));
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            boolean some = false;
            for (; blocks.find(); some = true) {
                if (!blocks.group(1).equals("CERTIFICATE")) {
                    return Optional.of(
                            "only CERTIFICATE PEM blocks are allowed, found \"%s\"".formatted(blocks.group(1)));
                }
                if (blocks.group(2).contains(":")) {
                    return Optional.of("no PEM block headers are permitted");
                }
                byte[] certificate = Base64.getMimeDecoder().decode(blocks.group(2));
                factory.generateCertificate(new ByteArrayInputStream(certificate));
            }
            return some ? Optional.empty() : Optional.of("must contain at least one CERTIFICATE PEM block");
        } catch (CertificateException | IllegalArgumentException malformed) {
            return Optional.of("x509: malformed certificate");
        }
    }
}
