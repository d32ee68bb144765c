package dev.keelson.apiserver.auth.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.Eventually;
import dev.keelson.apiserver.admission.AdmissionRequest;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.CachedWorld;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.auth.rbac.BootstrapPolicy;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeAuthorizerTest {
    private static final User NODE = new User("system:node:n1", List.of("system:nodes", "system:authenticated"));
    private static final String POD = "'spec':{'nodeName':'%s','serviceAccountName':'web',"
            + "'imagePullSecrets':[{'name':'pull'}],"
            + "'volumes':[{'name':'v','secret':{'secretName':'mounted'}},{'name':'p','projected':{'sources':["
            + "{'configMap':{'name':'projected'}}]}},{'name':'c','persistentVolumeClaim':{'claimName':'claim'}}],"
            + "'initContainers':[{'name':'i','envFrom':[{'secretRef':{'name':'all'}}]}],"
            + "'containers':[{'name':'c','env':[{'name':'A','valueFrom':{'configMapKeyRef':{'name':'map','key':'k'}}}]}]}";

    private final CachedWorld world = new CachedWorld();
    private NodeAuthorizer authorizer;
    private ObjectKey pod;

    @BeforeEach
    void fill() {
        pod = world.put("pods", "shop", "web-0", "p-1", POD.formatted("n1"));
        NodeGraph graph = NodeGraph.start(world.cache());
        authorizer = new NodeAuthorizer(graph, BootstrapPolicy.load());
        world.put("pods", "shop", "web-1", "p-2", POD.formatted("n2").replace("mounted", "elsewhere"));
        // The graph hears of a commit on the cache's own thread: one more commit behind it shows that it has.
        world.put("configmaps", "shop", "marker", "m-1", "");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @ParameterizedTest
    @CsvSource({
        "get,secrets,'',shop,mounted,true",
        "watch,secrets,'',shop,mounted,true",
        "list,secrets,'',shop,'',false",
        "get,secrets,'',shop,elsewhere,false",
        "get,secrets,'',other,mounted,false",
        "update,secrets,'',shop,mounted,false",
        "get,secrets,'',shop,pull,true",
        "get,secrets,'',shop,all,true",
        "get,configmaps,'',shop,map,true",
        "get,configmaps,'',shop,projected,true",
        "get,configmaps,'',shop,kube-root,false",
        "get,persistentvolumeclaims,'',shop,claim,true",
        "create,serviceaccounts,token,shop,web,true",
        "create,serviceaccounts,token,shop,default,false",
        "get,pods,'',shop,any,true",
        "list,pods,'','','',true",
        "patch,pods,status,shop,web-0,true",
        "create,pods,exec,shop,web-0,false",
        "create,pods,binding,shop,web-0,false",
        "list,services,'','','',true",
        "create,nodes,'','','',true",
        "delete,nodes,'','',n1,false",
        "create,events,'',shop,'',true",
        "create,configmaps,'',shop,'',false"
    })
    void anAgentSeesWhatItsPodsName(
            String verb, String resource, String part, String namespace, String name, boolean allowed) {
        assertThat(authorizer
                        .authorize(new Attributes(NODE, verb, "", "v1", resource, part, namespace, name, ""))
                        .allowed())
                .isEqualTo(allowed);
    }

    @Test
    void whatAPodNamesIsOutOfReachWhenItIsGone() {
        world.delete(pod);
        Attributes asked = new Attributes(NODE, "get", "", "v1", "secrets", "", "shop", "mounted", "");
        Eventually.until(
                "the secret is out of reach", () -> !authorizer.authorize(asked).allowed());
        assertThat(authorizer.authorize(asked).reason()).contains("no relationship found between node 'n1'");
    }

    @Test
    void aLeaseIsRenewedByItsOwnNodeOnly() {
        assertThat(lease("update", "kube-node-lease", "n1")).isTrue();
        assertThat(lease("create", "kube-node-lease", "")).isTrue();
        assertThat(lease("update", "kube-node-lease", "n2")).isFalse();
        assertThat(lease("update", "kube-system", "n1")).isFalse();
    }

    @Test
    void othersAreNoNodes() {
        User bob = new User("system:node:n1", List.of("system:authenticated"));
        assertThat(authorizer
                        .authorize(new Attributes(bob, "list", "", "v1", "pods", "", "", "", ""))
                        .allowed())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "UPDATE,pods,status,web-0,n1,",
        "UPDATE,pods,status,web-1,n2,can only update pods with spec.nodeName set to itself",
        "UPDATE,pods,'',web-0,n1,can only update pod status",
        "DELETE,pods,'',web-0,n1,",
        "DELETE,pods,'',web-1,n2,can only delete pods with spec.nodeName set to itself",
        "CREATE,pods,'',web-0,n1,can only create mirror pods",
        "UPDATE,nodes,status,n1,'',",
        "UPDATE,nodes,status,n2,'',is not allowed to modify node \"n2\""
    })
    void anAgentWritesItsOwnOnly(
            Operation operation, String plural, String part, String name, String nodeName, String refusal) {
        ObjectNode object = Trees.parse("{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"nodeName\":\"%s\"}}"
                .formatted(name, nodeName)
                .getBytes(StandardCharsets.UTF_8));
        AdmissionRequest request = new AdmissionRequest(
                operation,
                new ResourceRegistry(BuiltinKinds.list()).require("", plural),
                part,
                "shop",
                name,
                object,
                operation == Operation.CREATE ? Optional.empty() : Optional.of(object),
                NODE,
                false);
        if (refusal == null) {
            new NodeRestriction().validate(request);
        } else {
            assertThatThrownBy(() -> new NodeRestriction().validate(request))
                    .isInstanceOf(ApiFailure.class)
                    .hasMessageContaining("is forbidden: node \"n1\" " + refusal);
        }
    }

    private boolean lease(String verb, String namespace, String name) {
        return authorizer
                .authorize(new Attributes(NODE, verb, "coordination.k8s.io", "v1", "leases", "", namespace, name, ""))
                .allowed();
    }
}
