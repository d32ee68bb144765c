package dev.keelson.controllers.serviceaccount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.serviceaccount.AccountTokenPlan.Delete;
import dev.keelson.controllers.serviceaccount.AccountTokenPlan.Fill;
import dev.keelson.controllers.serviceaccount.AccountTokenPlan.Leave;
import dev.keelson.controllers.serviceaccount.AccountTokenPlanner.TokenSecret;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class AccountTokenPlannerTest {
    private static final Map<String, String> NOTHING = Map.of();
    private static final Map<String, String> WHOLE = Map.of("token", "dA==", "namespace", "bnM=", "ca.crt", "Y2E=");

    /** @param account the uid of the account that has the name; empty for none */
    record Row(String what, TokenSecret secret, String account, AccountTokenPlan plan) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("a new one", secret("", NOTHING), "u1", new Fill(true, true, true, "u1", "it has no token")),
                new Row(
                        "its maker said the uid",
                        secret("u1", NOTHING),
                        "u1",
                        new Fill(true, true, true, "u1", "it has no token")),
                new Row("a whole one", secret("u1", WHOLE), "u1", new Leave("nothing is missing")),
                new Row(
                        "the authority was replaced",
                        secret("u1", Map.of("token", "dA==", "namespace", "bnM=", "ca.crt", "b2xk")),
                        "u1",
                        new Fill(false, false, true, "u1", "an entry is old")),
                new Row(
                        "somebody took the token out",
                        secret("u1", Map.of("token", "", "namespace", "bnM=", "ca.crt", "Y2E=")),
                        "u1",
                        new Fill(true, false, false, "u1", "it has no token")),
                new Row(
                        "its account is gone",
                        secret("u1", WHOLE),
                        "",
                        new Delete("service account \"web\" does not exist")),
                new Row(
                        "it was never filled and its account is gone",
                        secret("", NOTHING),
                        "",
                        new Delete("service account \"web\" does not exist")),
                new Row(
                        "its account came again",
                        secret("u1", WHOLE),
                        "u2",
                        new Delete("it is of an earlier service account \"web\", uid u1, not u2")),
                new Row(
                        "it is going already",
                        new TokenSecret("web", "u1", true, false, WHOLE),
                        "",
                        new Leave("it is being deleted")),
                new Row(
                        "it cannot be changed",
                        new TokenSecret("web", "u1", false, true, NOTHING),
                        "u1",
                        new Leave("it is immutable")));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aSecretIsFilledOrGoesWithItsAccount(Row row) {
        Optional<String> account = Optional.of(row.account()).filter(uid -> !uid.isEmpty());
        assertThat(AccountTokenPlanner.plan(row.secret(), account, "Y2E=")).isEqualTo(row.plan());
    }

    private static TokenSecret secret(String accountUid, Map<String, String> data) {
        return new TokenSecret("web", accountUid, false, false, data);
    }
}
