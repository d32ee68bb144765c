package dev.keelson.apiserver.auth.token;

import java.util.List;

/** Judges bearer tokens. Called on an event loop: it must not wait. */
public interface TokenAuthenticator {

    /** @param audiences one of them must be meant by the token; never empty */
    TokenVerdict authenticate(String token, List<String> audiences);

    /** Asks each in turn; the first that knows the token decides. */
    static TokenAuthenticator firstOf(List<TokenAuthenticator> members) {
        List<TokenAuthenticator> all = List.copyOf(members);
        return (token, audiences) -> {
            for (TokenAuthenticator member : all) {
                TokenVerdict verdict = member.authenticate(token, audiences);
                if (!(verdict instanceof TokenVerdict.Unknown)) {
                    return verdict;
                }
            }
            return new TokenVerdict.Unknown();
        };
    }
}
