package dev.keelson.apiserver.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.auth.Authorizer.Attributes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuiltinAuthorizerTest {
    private static final User NODE = new User("system:node:n1", List.of("system:nodes", "system:authenticated"));
    private static final User BOB = new User("bob", List.of("dev", "system:authenticated"));

    @ParameterizedTest
    @CsvSource({
        "get,'',secrets,'',s,true",
        "watch,'',pods,'','',true",
        "create,'',nodes,'',n1,true",
        "patch,'',nodes,status,n1,true",
        "patch,'',nodes,status,n2,false",
        "update,'',nodes,'',n2,false",
        "delete,'',nodes,'',n1,false",
        "update,'',pods,status,p,true",
        "update,'',pods,'',p,false",
        "delete,'',pods,'',p,true",
        "create,'',pods,binding,p,false",
        "create,'',events,'','',true",
        "update,coordination.k8s.io,leases,'',n1,true",
        "update,coordination.k8s.io,leases,'',n2,false",
        "create,'',configmaps,'','',false",
        "list,apps,deployments,'','',false"
    })
    void aNodeMayDoWhatItsAgentNeeds(
            String verb, String group, String resource, String subresource, String name, boolean allowed) {
        assertThat(decide(NODE, verb, group, resource, subresource, name)).isEqualTo(allowed);
    }

    @Test
    void mastersAndControllersMayDoEverything() {
        User admin = new User("kubernetes-admin", List.of("system:masters"));
        User controllers = new User("system:kube-controller-manager", List.of());
        assertThat(decide(admin, "delete", "", "nodes", "", "n")).isTrue();
        assertThat(decide(controllers, "create", "", "pods", "binding", "p")).isTrue();
    }

    @Test
    void othersMayLookAtDiscoveryAndAskAboutThemselves() {
        assertThat(path(BOB, "/apis/apps/v1")).isTrue();
        assertThat(path(BOB, "/metrics")).isFalse();
        assertThat(decide(BOB, "list", "", "pods", "", "")).isFalse();
        assertThat(decide(BOB, "create", "authorization.k8s.io", "selfsubjectaccessreviews", "", ""))
                .isTrue();
    }

    @Test
    void nobodySeesHealthAndVersionOnly() {
        assertThat(path(User.ANONYMOUS, "/readyz")).isTrue();
        assertThat(path(User.ANONYMOUS, "/livez/ping")).isTrue();
        assertThat(path(User.ANONYMOUS, "/version")).isTrue();
        assertThat(path(User.ANONYMOUS, "/api")).isFalse();
        assertThat(path(User.ANONYMOUS, "/versions")).isFalse();
        assertThat(decide(User.ANONYMOUS, "create", "authorization.k8s.io", "selfsubjectaccessreviews", "", ""))
                .isFalse();
    }

    @Test
    void theCertificateNamesUserAndGroups() {
        assertThat(CertificateAuthenticator.user("CN=kubernetes-admin,O=system:masters,O=dev"))
                .hasValueSatisfying(user -> {
                    assertThat(user.name()).isEqualTo("kubernetes-admin");
                    assertThat(user.groups())
                            .containsExactlyInAnyOrder("system:masters", "dev", "system:authenticated");
                });
        assertThat(CertificateAuthenticator.user("CN=a\\,O\\=system:masters"))
                .hasValueSatisfying(user -> assertThat(user.in(User.MASTERS)).isFalse());
        assertThat(CertificateAuthenticator.user("O=system:masters")).isEmpty();
    }

    private static boolean decide(
            User user, String verb, String group, String resource, String subresource, String name) {
        return new BuiltinAuthorizer()
                .authorize(new Attributes(user, verb, group, "v1", resource, subresource, "default", name, ""))
                .allowed();
    }

    private static boolean path(User user, String path) {
        return new BuiltinAuthorizer()
                .authorize(Attributes.ofPath(user, "get", path))
                .allowed();
    }
}
