package dev.keelson.apiserver.auth.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.PolicyRule;
import dev.keelson.apiserver.auth.User;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RbacIndexTest {
    private static final User BOB = new User("bob", List.of("dev", "system:authenticated"));
    private static final RbacIndex INDEX = new RbacIndex(
            Map.of(
                    RoleKey.cluster("reader"),
                    rules("get list watch ; core ; pods pods/log", "get @ /metrics /logs/*"),
                    RoleKey.cluster("scaler"),
                    rules("update ; * ; */scale"),
                    RoleKey.cluster("all"),
                    rules("* ; * ; *"),
                    new RoleKey("shop", "one"),
                    rules("get update ; core ; configmaps ; settings")),
            List.of(
                    grant("", "readers", RoleKey.cluster("reader"), RoleGrant.user("bob")),
                    grant("", "scalers", RoleKey.cluster("scaler"), RoleGrant.group("dev")),
                    grant("shop", "one", new RoleKey("shop", "one"), RoleGrant.group("dev")),
                    grant("own", "all", RoleKey.cluster("all"), RoleGrant.user("bob")),
                    grant("shop", "gone", RoleKey.cluster("gone"), RoleGrant.user("bob"))));

    @ParameterizedTest
    @CsvSource({
        "get,'',pods,'',shop,p,true",
        "get,'',pods,'','','',true",
        "delete,'',pods,'',shop,p,false",
        "get,'',pods,log,shop,p,true",
        "get,'',pods,exec,shop,p,false",
        "get,metrics.k8s.io,pods,'',shop,p,false",
        "update,apps,deployments,scale,shop,web,true",
        "update,apps,deployments,'',shop,web,false",
        "get,'',configmaps,'',shop,settings,true",
        "get,'',configmaps,'',shop,other,false",
        "list,'',configmaps,'',shop,'',false",
        "get,'',configmaps,'',else,settings,false",
        "deletecollection,apps,anything,'',own,'',true",
        "create,'',pods,exec,own,p,true",
        "create,'',nodes,'','','',false"
    })
    void rulesHoldWhereTheyAreBound(
            String verb, String group, String resource, String part, String namespace, String name, boolean allowed) {
        Attributes asked = new Attributes(BOB, verb, group, "v1", resource, part, namespace, name, "");
        assertThat(INDEX.decide(asked).allowed()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "/metrics,get,true",
        "/metrics/,get,false",
        "/logs/a/b,get,true",
        "/logs,get,false",
        "/metrics,post,false"
    })
    void pathsMatchWholeOrByTheirBeginning(String path, String verb, boolean allowed) {
        assertThat(INDEX.decide(Attributes.ofPath(BOB, verb, path)).allowed()).isEqualTo(allowed);
    }

    @Test
    void aDecisionSaysWhichBindingMadeIt() {
        assertThat(INDEX.decide(new Attributes(BOB, "get", "", "v1", "pods", "", "shop", "p", ""))
                        .reason())
                .isEqualTo("RBAC: allowed by ClusterRoleBinding \"readers\" of ClusterRole \"reader\" to User \"bob\"");
        assertThat(INDEX.decide(new Attributes(BOB, "get", "", "v1", "configmaps", "", "shop", "settings", ""))
                        .reason())
                .isEqualTo("RBAC: allowed by RoleBinding \"one/shop\" of Role \"one\" to Group \"dev\"");
    }

    @Test
    void aBindingOfAMissingRoleIsNamedInTheRefusal() {
        assertThat(INDEX.decide(new Attributes(BOB, "delete", "", "v1", "pods", "", "shop", "p", ""))
                        .reason())
                .isEqualTo("RBAC: clusterrole.rbac.authorization.k8s.io \"gone\" not found");
    }

    @Test
    void nobodyElseGetsAnything() {
        User other = new User("alice", List.of("system:authenticated"));
        assertThat(INDEX.rulesOf(other, "shop")).isEmpty();
        assertThat(INDEX.rulesOf(BOB, "else")).hasSize(3);
        assertThat(INDEX.rulesOf(BOB, "own")).hasSize(4);
    }

    static List<PolicyRule> rules(String... lines) {
        return BootstrapPolicy.parse("clusterrole x\n  " + String.join("\n  ", lines))
                .rulesOf("x");
    }

    private static RoleGrant grant(String namespace, String name, RoleKey role, String subject) {
        return new RoleGrant(namespace, name, role, List.of(subject));
    }
}
