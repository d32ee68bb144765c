package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;

import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;

/** Requests of an administrator in a namespace of the test's own. Quotes in bodies are single ones. */
abstract class ApiRequests {
    String namespace = "";

    @BeforeEach
    void ownNamespace() {
        namespace = TestPki.freshName("machinery");
        send("POST", "/api/v1/namespaces", "application/json", "{'metadata':{'name':'" + namespace + "'}}")
                .statusCode(201);
    }

    ValidatableResponse configMap(String name) {
        return send(
                        "POST",
                        in("configmaps"),
                        "application/json",
                        "{'metadata':{'name':'" + name + "'},'data':{'a':'b'}}")
                .statusCode(201);
    }

    ValidatableResponse put(String path, String body) {
        return send("PUT", path, "application/json", body);
    }

    ValidatableResponse apply(String path, String manager, String body) {
        return send("PATCH", path + "?fieldManager=" + manager, "application/apply-patch+yaml", body);
    }

    static ValidatableResponse send(String method, String path, String type, String body) {
        return as("admin")
                .contentType(type)
                .body(body.replace('\'', '"'))
                .request(method, path)
                .then();
    }

    String in(String resource) {
        return "/api/v1/namespaces/" + namespace + "/" + resource;
    }
}
