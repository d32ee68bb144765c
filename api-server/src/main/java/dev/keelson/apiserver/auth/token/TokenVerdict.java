package dev.keelson.apiserver.auth.token;

import dev.keelson.apiserver.auth.User;
import java.util.List;

/** What one authenticator says of a bearer token. */
public sealed interface TokenVerdict {

    /** @param audiences for whom the token was made, of those that were asked about */
    record Accepted(User user, List<String> audiences) implements TokenVerdict {}

    /** It is of this authenticator's kind, but must not be believed. */
    record Refused(String why) implements TokenVerdict {}

    /** It is of no kind that this authenticator knows. */
    record Unknown() implements TokenVerdict {}
}
