package dev.keelson.apiserver.schema.generate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What OpenAPI 2 and 3 write differently about an operation. */
interface OpenApiOperation {
    JsonMapper JSON = new JsonMapper();
    List<String> ANSWERS = List.of("application/json", "application/yaml");

    ObjectNode parameter(String name, String in, String type);

    void body(ObjectNode operation, List<String> types, ObjectNode schema);

    void response(ObjectNode operation, String code, ObjectNode schema);

    /** OpenAPI 3: typed content per media type. */
    final class V3 implements OpenApiOperation {
        @Override
        public ObjectNode parameter(String name, String in, String type) {
            ObjectNode parameter = JSON.createObjectNode().put("name", name).put("in", in);
            if (in.equals("path")) {
                parameter.put("required", true);
            }
            parameter.putObject("schema").put("type", type).put("uniqueItems", true);
            return parameter;
        }

        @Override
        public void body(ObjectNode operation, List<String> types, ObjectNode schema) {
            ObjectNode content = operation.withObjectProperty("requestBody").withObjectProperty("content");
            types.forEach(type -> content.putObject(type).set("schema", schema));
        }

        @Override
        public void response(ObjectNode operation, String code, ObjectNode schema) {
            ObjectNode response =
                    operation.putObject("responses").putObject(code).put("description", "OK");
            ObjectNode content = response.putObject("content");
            ANSWERS.forEach(type -> content.putObject(type).set("schema", schema));
        }
    }

    /** OpenAPI 2: the body is a parameter. */
    final class V2 implements OpenApiOperation {
        @Override
        public ObjectNode parameter(String name, String in, String type) {
            ObjectNode parameter =
                    JSON.createObjectNode().put("name", name).put("in", in).put("type", type);
            return in.equals("path") ? parameter.put("required", true) : parameter.put("uniqueItems", true);
        }

        @Override
        public void body(ObjectNode operation, List<String> types, ObjectNode schema) {
            ArrayNode consumes = operation.putArray("consumes");
            types.forEach(consumes::add);
            ObjectNode body = JSON.createObjectNode()
                    .put("name", "body")
                    .put("in", "body")
                    .put("required", true);
            body.set("schema", schema);
            operation.withArrayProperty("parameters").insert(0, body);
        }

        @Override
        public void response(ObjectNode operation, String code, ObjectNode schema) {
            ArrayNode produces = operation.putArray("produces");
            ANSWERS.forEach(produces::add);
            operation
                    .putObject("responses")
                    .putObject(code)
                    .put("description", "OK")
                    .set("schema", schema);
        }
    }
}
