package dev.keelson.apiserver.http.past;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangedFieldsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'spec':{'replicas':1}} | {'spec':{'replicas':2}} | spec.replicas",
                "{'data':{'a':'1'}} | {'data':{'a':'1','b':'2'}} | data.b",
                "{'a':{'b':{'c':{'d':{'e':1}}}}} | {'a':{'b':{'c':{'d':{'e':2}}}}} | a.b.c.d",
                "{'l':[1,2]} | {'l':[2,1]} | l",
                "{'metadata':{'generation':1,'labels':{}}} | {'metadata':{'generation':2,'labels':{'x':'y'}}}"
                        + " | metadata.labels.x",
                "{} | {'a':1,'b':1,'c':1,'d':1,'e':1,'f':1} | a, b, c, d and 2 more",
                "{'a':1} | {'a':1} | ~~"
            })
    void pathsAreShortAndFew(String before, String after, String told) throws JsonProcessingException {
        assertThat(ChangedFields.between(tree(before), tree(after))).isEqualTo(told);
    }

    private static ObjectNode tree(String json) throws JsonProcessingException {
        return (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
    }
}
