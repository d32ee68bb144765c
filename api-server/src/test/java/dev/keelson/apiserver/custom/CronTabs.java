package dev.keelson.apiserver.custom;

import static dev.keelson.apiserver.http.ServerUnderTest.as;

import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The CronTab of Kubernetes' documentation, with more of everything, in a group of its own for each test. */
record CronTabs(String name) {
    static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: crontabs.GROUP}
            spec:
              group: GROUP
              scope: Namespaced
              names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct], categories: [all]}
              versions:
              - name: v1
                served: true
                storage: true
                selectableFields: [{jsonPath: .spec.policy}]
                subresources:
                  status: {}
                  scale:
                    specReplicasPath: .spec.replicas
                    statusReplicasPath: .status.replicas
                    labelSelectorPath: .status.selector
                additionalPrinterColumns:
                - {name: Spec, type: string, jsonPath: .spec.cronSpec, description: When it runs.}
                - {name: Replicas, type: integer, jsonPath: .spec.replicas}
                - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        description: What is wanted.
                        required: [cronSpec]
                        properties:
                          cronSpec: {type: string, description: When it runs., pattern: '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$'}
                          replicas: {type: integer, default: 1, minimum: 0, maximum: 10}
                          policy: {type: string, enum: [Allow, Forbid]}
                          free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                          template: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
                          jobs:
                            type: array
                            x-kubernetes-list-type: map
                            x-kubernetes-list-map-keys: [name]
                            items:
                              type: object
                              required: [name]
                              properties:
                                name: {type: string}
                                image: {type: string}
                      status:
                        type: object
                        properties:
                          replicas: {type: integer}
                          selector: {type: string}
            """;

    String group() {
        return name + ".example.com";
    }

    String definitionName() {
        return "crontabs." + group();
    }

    /** What OpenAPI calls the kind. */
    String schemaName() {
        return "com.example." + name + ".v1.CronTab";
    }

    String definition() {
        return DEFINITION.replace("GROUP", group());
    }

    String path() {
        return "/apis/" + group() + "/v1/namespaces/default/crontabs";
    }

    String path(String object) {
        return path() + "/" + object;
    }

    void install() {
        post(definition()).statusCode(201);
        awaitServed("/apis/" + group() + "/v1");
    }

    ValidatableResponse post(String definition) {
        return as("admin")
                .contentType("application/yaml")
                .body(definition)
                .post(DEFINITIONS)
                .then();
    }

    void awaitServed(String path) {
        eventually(() -> as("admin").get(path).then().statusCode(200));
    }

    /** Repeats the check until it holds; the last failure counts when it never does. */
    void eventually(Runnable holds) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            try {
                holds.run();
                return;
            } catch (AssertionError notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }
}
