package dev.keelson.apiserver.http.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadataBytesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'kind':'A','metadata':{'name':'a'},'data':{}} | {'kind':'A','metadata':{'name':'a'},'data':{'x':'1'}}",
                "{'metadata':{'resourceVersion':'1','name':'a'}} | {'metadata':{'resourceVersion':'2','name':'a'}}",
                "{'metadata':{'resourceVersion':'9','name':'a'}} | {'metadata':{'name':'a','resourceVersion':'10'}}",
                "{'metadata':{'name':'a','generation':9}} | {'metadata':{'name':'a','generation':10}}",
                "{'metadata':{'name':'a'}} | {'metadata':{'name':'a','generation':1,'resourceVersion':'1'}}",
                "{'metadata':{'managedFields':[{'f:x':{'.':{}}},[]],'name':'a'}} | {'metadata':{'name':'a'}}",
                "{'metadata':{'name':'a','managedFields':[{'time':'1'}]}} | {'metadata':{'name':'a','managedFields':[]}}",
                "{'metadata':{'managedFields':['}','\\\\','\\''],'name':'a'}} | {'metadata':{'managedFields':[],'name':'a'}}",
                "{'data':{'metadata':{'name':'x'}},'metadata':{'name':'a'}} | {'data':{'x':'}{'},'metadata':{'name':'a'}}",
                "{'x':'metadata','metadata':{'name':'a'}} | {'y':['metadata'],'metadata':{'name':'a'}}",
                "{ 'metadata' : { 'generation' : 1 , 'name':'a'} } | {'metadata':{'name':'a','generation':1}}",
                "{'kind':'A'} | {'kind':'A','data':{}}",
                "{'kind':'A'} | {'metadata':{}}",
                "{'metadata':{'resourceVersion':'1'}} | {'metadata':{}}"
            })
    void saysTheSame(String one, String other) {
        assertThat(sayTheSame(one, other)).isTrue();
        assertThat(sayTheSame(other, one)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'metadata':{'name':'a','labels':{'x':'1'}}} | {'metadata':{'name':'a','labels':{'x':'2'}}}",
                "{'metadata':{'name':'a','labels':{'x':'1'}}} | {'metadata':{'name':'a'}}",
                "{'metadata':{'labels':{'generation':'1'}}} | {'metadata':{'labels':{'generation':'2'}}}",
                "{'metadata':{'annotations':{'resourceVersion':'1'}}} | {'metadata':{'annotations':{}}}",
                "{'metadata':{'annotations':{'x':'ü'}}} | {'metadata':{'annotations':{'x':'\\u00fc!'}}}",
                "{'metadata':{'annotations':{'x':'\\\\'}}} | {'metadata':{'annotations':{'x':'\\\\\\\\'}}}",
                "{'metadata':{'annotations':{'x':'\\',\\'y'}}} | {'metadata':{'annotations':{'x':'','y':''}}}",
                "{'metadata':{'ownerReferences':[{'uid':'1'}]}} | {'metadata':{'ownerReferences':[{'uid':'1'},{'uid':'2'}]}}",
                "{'metadata':{'ownerReferences':[]}} | {'metadata':{'ownerReferences':[{'uid':'2'}]}}",
                "{'metadata':{'finalizers':['a']}} | {'metadata':{'finalizers':['b']}}",
                "{'metadata':{'name':'a'}} | {'metadata':{'name':'a','deletionTimestamp':'2026-01-01T00:00:00Z'}}",
                "{'metadata':{'name':'a','deletionGracePeriodSeconds':1}} | {'metadata':{'name':'a','deletionGracePeriodSeconds':10}}",
                "{'metadata':{'uid':'1','generation':1}} | {'metadata':{'uid':'2','generation':1}}",
                "{'metadata':{'generation':1,'x':null}} | {'metadata':{'generation':2,'x':1}}",
                "{'data':{'x':'1'},'metadata':{'name':'a'}} | {'data':{'x':'1'},'metadata':{'name':'b'}}",
                "{'kind':'A'} | {'kind':'A','metadata':{'name':'a'}}"
            })
    void saysSomethingElse(String one, String other) {
        assertThat(sayTheSame(one, other)).isFalse();
        assertThat(sayTheSame(other, one)).isFalse();
    }

    /** What says the same in other letters or another order may be told again. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'metadata':{'name':'a','uid':'1'}} | {'metadata':{'uid':'1','name':'a'}}",
                "{'metadata':{'annotations':{'x':'ü'}}} | {'metadata':{'annotations':{'x':'\\u00fc'}}}",
                "{'metadata':{'gener\\u0061tion':1}} | {'metadata':{'gener\\u0061tion':2}}"
            })
    void otherwiseWrittenIsAChange(String one, String other) {
        assertThat(sayTheSame(one, other)).isFalse();
    }

    private static boolean sayTheSame(String one, String other) {
        return MetadataBytes.sayTheSame(json(one), json(other));
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(UTF_8);
    }
}
