package dev.keelson.apiserver.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.apiserver.registry.ApiFailure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestInfoParserTest {

    @ParameterizedTest
    @CsvSource({
        // method, path, query, verb, group, version, namespace, resource, name, subresource, rest
        "GET,/api/v1/pods,,list,'',v1,'',pods,'','',''",
        "GET,/api/v1/pods,watch=true,watch,'',v1,'',pods,'','',''",
        "GET,/api/v1/pods,watch=0,list,'',v1,'',pods,'','',''",
        "POST,/api/v1/namespaces/a/pods,,create,'',v1,a,pods,'','',''",
        "GET,/api/v1/namespaces/a/pods/p,,get,'',v1,a,pods,p,'',''",
        "GET,/api/v1/namespaces/a/pods/p,watch=true,get,'',v1,a,pods,p,'',''",
        "GET,/api/v1/namespaces/a/pods/p/log,,get,'',v1,a,pods,p,log,''",
        "GET,/api/v1/namespaces/a,,get,'',v1,a,namespaces,a,'',''",
        "GET,/api/v1/namespaces,,list,'',v1,'',namespaces,'','',''",
        "PUT,/api/v1/namespaces/a/finalize,,update,'',v1,a,namespaces,a,finalize,''",
        "PATCH,/api/v1/namespaces/a/status,,patch,'',v1,a,namespaces,a,status,''",
        "DELETE,/apis/apps/v1/namespaces/a/deployments,,deletecollection,apps,v1,a,deployments,'','',''",
        "DELETE,/apis/apps/v1/namespaces/a/deployments/d,,delete,apps,v1,a,deployments,d,'',''",
        "PUT,/apis/apps/v1/namespaces/a/deployments/d/scale,,update,apps,v1,a,deployments,d,scale,''",
        "POST,/api/v1/nodes/n/proxy/images/load,,create,'',v1,'',nodes,n,proxy,images/load",
        "GET,/api/v1/namespaces/a/services/web:80/proxy/x%20y/,,get,'',v1,a,services,web:80,proxy,x%20y/",
        "GET,/api/v1/watch/pods,,watch,'',v1,'',pods,'','',''",
        "GET,/api/v1/watch/namespaces,,watch,'',v1,'',namespaces,'','',''",
        "GET,/api/v1/watch/namespaces/a,,watch,'',v1,a,namespaces,a,'',''",
        "GET,/apis/apps/v1/watch/namespaces/a/deployments,watch=false,watch,apps,v1,a,deployments,'','',''",
        "GET,/apis/apps/v1/watch/namespaces/a/deployments/d,,watch,apps,v1,a,deployments,d,'',''",
        "DELETE,/api/v1/watch/namespaces/a/pods/p,,watch,'',v1,a,pods,p,'',''",
        "HEAD,//api//v1/pods/,,list,'',v1,'',pods,'','',''",
    })
    void readsResourcePaths(
            String method,
            String path,
            String query,
            String verb,
            String group,
            String version,
            String namespace,
            String resource,
            String name,
            String subresource,
            String rest) {
        RequestInfo info = parse(method, path, query == null ? "" : query);
        assertThat(info.isResource()).isTrue();
        assertThat(info)
                .extracting(
                        RequestInfo::verb,
                        RequestInfo::group,
                        RequestInfo::version,
                        RequestInfo::namespace,
                        RequestInfo::resource,
                        RequestInfo::name,
                        RequestInfo::subresource,
                        RequestInfo::rest)
                .containsExactly(verb, group, version, namespace, resource, name, subresource, rest);
    }

    @ParameterizedTest
    @CsvSource({
        "/",
        "/api",
        "/api/v1",
        "/apis",
        "/apis/apps",
        "/apis/apps/v1",
        "/api/v1/watch",
        "/openapi/v3/api/v1",
        "/version",
        "/x/y/z"
    })
    void everythingElseIsAPlainPath(String path) {
        RequestInfo info = parse("GET", path, "");
        assertThat(info.isResource()).isFalse();
        assertThat(info.verb()).isEqualTo("get");
        assertThat(info.path()).isEqualTo(path);
    }

    @Test
    void decodesNamesSegmentBySegment() {
        assertThat(parse("GET", "/api/v1/namespaces/a/pods/x%2Fy", "").name()).isEqualTo("x/y");
        assertThat(parse("GET", "/api/v1/namespaces/a/pods/x+y", "").name()).isEqualTo("x+y");
    }

    @Test
    void refusesPathsThatAreNotEncodedOrTooLong() {
        assertThatThrownBy(() -> parse("GET", "/api/v1/pods/%zz", "")).isInstanceOf(ApiFailure.class);
        assertThatThrownBy(() -> parse("GET", "/" + "a".repeat(9000), ""))
                .isInstanceOf(ApiFailure.class)
                .hasMessageContaining("at most");
    }

    @Test
    void booleansAreTrueUnlessTheySayOtherwise() {
        assertThat(List.of("watch", "watch=", "watch=1", "watch=maybe"))
                .allSatisfy(query ->
                        assertThat(parse("GET", "/api/v1/pods", query).verb()).isEqualTo("watch"));
        assertThat(List.of("", "watch=0", "watch=FALSE"))
                .allSatisfy(query ->
                        assertThat(parse("GET", "/api/v1/pods", query).verb()).isEqualTo("list"));
    }

    private static RequestInfo parse(String method, String path, String query) {
        return RequestInfoParser.parse(method, path, QueryParameters.parse(query));
    }
}
