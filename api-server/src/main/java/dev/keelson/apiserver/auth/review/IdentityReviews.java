package dev.keelson.apiserver.auth.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.auth.token.TokenAuthenticator;
import dev.keelson.apiserver.auth.token.TokenVerdict;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ReviewKind;
import java.util.ArrayList;
import java.util.List;

/** Who somebody is (authentication.k8s.io/v1): the one who asks, and the one whose token is shown. */
public final class IdentityReviews {
    private static final String AUTHENTICATION = "authentication.k8s.io";

    private final TokenAuthenticator tokens;
    private final String audience;

    /** @param audience whom a token must be for when the question names nobody */
    public IdentityReviews(TokenAuthenticator tokens, String audience) {
        this.tokens = tokens;
        this.audience = audience;
    }

    public List<ReviewKind> kinds() {
        return List.of(
                ReviewKind.of(AUTHENTICATION, "SelfSubjectReview", "selfsubjectreviews", IdentityReviews::whoAmI),
                ReviewKind.of(AUTHENTICATION, "TokenReview", "tokenreviews", this::whoseToken));
    }

    private static ObjectNode whoAmI(User user, ObjectNode review) {
        review.putObject("status").set("userInfo", info(user, review));
        return review;
    }

    private ObjectNode whoseToken(User asking, ObjectNode review) {
        JsonNode spec = review.path("spec");
        String token = spec.path("token").asText("");
        if (token.isEmpty()) {
            throw ApiFailure.badRequest("token is required for TokenReview in authentication: set spec.token");
        }
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(each -> audiences.add(each.asText()));
        if (audiences.isEmpty()) {
            audiences.add(audience);
        }
        ObjectNode status = review.putObject("status");
        switch (tokens.authenticate(token, audiences)) {
            case TokenVerdict.Accepted(User user, List<String> meant) -> {
                status.put("authenticated", true);
                status.set("user", info(user, review));
                meant.forEach(status.putArray("audiences")::add);
            }
            case TokenVerdict.Refused(String why) ->
                status.put("authenticated", false).put("error", why);
            case TokenVerdict.Unknown() ->
                status.put("authenticated", false).put("error", "it is no token that this cluster knows");
        }
        return review;
    }

    private static ObjectNode info(User user, ObjectNode maker) {
        ObjectNode info = maker.objectNode().put("username", user.name());
        if (!user.uid().isEmpty()) {
            info.put("uid", user.uid());
        }
        ArrayNode groups = info.putArray("groups");
        user.groups().forEach(groups::add);
        if (!user.extra().isEmpty()) {
            ObjectNode extra = info.putObject("extra");
            user.extra().forEach((key, values) -> values.forEach(extra.putArray(key)::add));
        }
        return info;
    }
}
