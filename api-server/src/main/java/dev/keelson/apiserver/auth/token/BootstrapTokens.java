package dev.keelson.apiserver.auth.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens {@code ID.SECRET} that new nodes introduce themselves with: secrets {@code bootstrap-token-ID} of type
 * {@code bootstrap.kubernetes.io/token} in kube-system (Kubernetes: "Authenticating with Bootstrap Tokens").
 */
public final class BootstrapTokens implements TokenAuthenticator {
    private static final Pattern FORM = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
    private static final Pattern GROUP = Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");
    private static final String TYPE = "bootstrap.kubernetes.io/token";
    private static final String GROUPS = "system:bootstrappers";

    private final WatchCache cache;
    private final Clock clock;
    private final String audience;

    public BootstrapTokens(WatchCache cache, Clock clock, String audience) {
        this.cache = cache;
        this.clock = clock;
        this.audience = audience;
    }

    @Override
    public TokenVerdict authenticate(String token, List<String> audiences) {
        Matcher matcher = FORM.matcher(token);
        if (!matcher.matches() || !audiences.contains(audience)) {
            return new TokenVerdict.Unknown();
        }
        String id = matcher.group(1);
        Optional<ObjectNode> secret = cache.get(new ObjectKey("", "secrets", "kube-system", "bootstrap-token-" + id))
                .map(CachedObject::tree)
                .filter(tree -> TYPE.equals(tree.path("type").asText("")) && !Meta.deleting(tree));
        return secret.map(tree -> judge(tree, id, matcher.group(2)))
                .orElseGet(() -> new TokenVerdict.Refused("no secret kube-system/bootstrap-token-" + id));
    }

    private TokenVerdict judge(ObjectNode secret, String id, String given) {
        boolean same = MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8),
                entry(secret, "token-secret").getBytes(StandardCharsets.UTF_8));
        if (!same || !entry(secret, "token-id").equals(id)) {
            return new TokenVerdict.Refused("the token's secret part is wrong");
        }
        if (expired(entry(secret, "expiration"))) {
            return new TokenVerdict.Refused("the token has expired");
        }
        if (!entry(secret, "usage-bootstrap-authentication").equals("true")) {
            return new TokenVerdict.Refused("the token is not for authentication");
        }
        List<String> groups = new ArrayList<>(List.of(GROUPS));
        for (String group : entry(secret, "auth-extra-groups").split(",")) {
            if (GROUP.matcher(group).matches()) {
                groups.add(group);
            }
        }
        groups.add(User.AUTHENTICATED);
        User user = new User("system:bootstrap:" + id, "", groups, Map.of());
        return new TokenVerdict.Accepted(user, List.of(audience));
    }

    /** A moment that cannot be read counts as past: such a token must not live for ever. */
    private boolean expired(String moment) {
        try {
            return !moment.isEmpty() && !clock.instant().isBefore(Instant.parse(moment));
        } catch (DateTimeParseException unreadable) {
            return true;
        }
    }

    private static String entry(ObjectNode secret, String key) {
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(secret.path("data").path(key).asText(""));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }
}
