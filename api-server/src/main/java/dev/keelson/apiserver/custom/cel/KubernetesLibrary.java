package dev.keelson.apiserver.custom.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The functions that Kubernetes adds to CEL.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/cel/#cel-options-language-features-and-libraries">CEL
 *     libraries</a>
 */
final class KubernetesLibrary {
    private final Map<String, List<CelOverloadDecl>> overloads = new LinkedHashMap<>();
    private final List<CelFunctionBinding> bindings = new ArrayList<>();

    private KubernetesLibrary() {
        ListFunctions.addTo(this);
        TextFunctions.addTo(this);
        UrlFunctions.addTo(this);
        NetworkFunctions.addTo(this);
        QuantityFunctions.addTo(this);
        FormatFunctions.addTo(this);
    }

    static List<CelFunctionDecl> declarations() {
        return new KubernetesLibrary()
                .overloads.entrySet().stream()
                        .map(entry -> CelFunctionDecl.newFunctionDeclaration(entry.getKey(), entry.getValue()))
                        .toList();
    }

    static List<CelFunctionBinding> bindings() {
        return new KubernetesLibrary().bindings;
    }

    /** A function that is called {@code name(a)}. */
    <A> void global(String name, CelType result, CelType a, Class<A> type, CelFunctionOverload.Unary<A> body) {
        String id = "keelson_" + name.replace('.', '_') + "_" + id(a);
        declare(name, CelOverloadDecl.newGlobalOverload(id, result, a));
        bindings.add(CelFunctionBinding.from(id, type, body));
    }

    /** A function that is called {@code a.name()}. */
    <A> void member(String name, CelType result, CelType a, Class<A> type, CelFunctionOverload.Unary<A> body) {
        String id = "keelson_" + id(a) + "_" + name;
        declare(name, CelOverloadDecl.newMemberOverload(id, result, a));
        bindings.add(CelFunctionBinding.from(id, type, body));
    }

    /** A function that is called {@code a.name(b)}. */
    <A, B> void member(
            String name,
            CelType result,
            CelType a,
            Class<A> type,
            CelType b,
            Class<B> other,
            CelFunctionOverload.Binary<A, B> body) {
        String id = "keelson_" + id(a) + "_" + name + "_" + id(b);
        declare(name, CelOverloadDecl.newMemberOverload(id, result, a, b));
        bindings.add(CelFunctionBinding.from(id, type, other, body));
    }

    /** A function that is called {@code a.name(b, c)}. */
    void member(String name, CelType result, List<CelType> types, List<Class<?>> classes, CelFunctionOverload body) {
        String id = "keelson_" + id(types.getFirst()) + "_" + name + "_" + types.size();
        declare(name, CelOverloadDecl.newMemberOverload(id, result, types));
        bindings.add(CelFunctionBinding.from(id, classes, body));
    }

    private void declare(String name, CelOverloadDecl overload) {
        overloads.computeIfAbsent(name, unknown -> new ArrayList<>()).add(overload);
    }

    private static String id(CelType type) {
        StringBuilder id = new StringBuilder(type.name().replaceAll("[^A-Za-z0-9]", "_"));
        type.parameters().forEach(parameter -> id.append('_').append(id(parameter)));
        return id.toString();
    }
}
