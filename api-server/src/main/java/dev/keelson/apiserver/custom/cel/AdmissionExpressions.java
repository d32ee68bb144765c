package dev.keelson.apiserver.custom.cel;

import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges the expressions of one admission policy or webhook, as far as that can be done without a request: their syntax
 * and their types. The object and the parameters may be anything.
 */
public final class AdmissionExpressions {
    private final boolean parameters;
    private final AdmissionTypes types = new AdmissionTypes();
    private final Map<String, CelType> variables = new HashMap<>();

    /** What an expression has to result in. */
    public enum Result {
        BOOL(SimpleType.BOOL),
        TEXT(SimpleType.STRING),
        TEXT_OR_NULL(SimpleType.STRING, SimpleType.NULL_TYPE),
        ANYTHING;

        private final List<CelType> types;

        Result(CelType... types) {
            this.types = List.of(types);
        }

        private Optional<String> problem(CelType found) {
            if (types.isEmpty() || types.contains(found)) {
                return Optional.empty();
            }
            List<String> names = types.stream().map(CelType::name).toList();
            return Optional.of(
                    names.size() == 1
                            ? "must evaluate to " + names.getFirst()
                            : "must evaluate to one of [" + String.join(" ", names) + "]");
        }
    }

    /** @param parameters whether there are any */
    public AdmissionExpressions(boolean parameters) {
        this.parameters = parameters;
    }

    /** What is wrong with an expression that may ask who may do what. */
    public Optional<String> problem(String expression, Result result) {
        return problem(expression, result, true);
    }

    /** What is wrong with the expression of a message, which may not ask that. */
    public Optional<String> problemOfMessage(String expression) {
        return problem(expression, Result.TEXT, false);
    }

    /** Judges the expression of a variable, which expressions after it know. */
    public Optional<String> define(String variable, String expression) {
        CelValidationResult compiled = compile(expression, true);
        if (compiled.hasError()) {
            return Optional.of(CelWords.compilation(compiled));
        }
        variables.put(variable, typeOf(compiled));
        return Optional.empty();
    }

    private Optional<String> problem(String expression, Result result, boolean authorizer) {
        CelValidationResult compiled = compile(expression, authorizer);
        return compiled.hasError() ? Optional.of(CelWords.compilation(compiled)) : result.problem(typeOf(compiled));
    }

    private CelValidationResult compile(String expression, boolean authorizer) {
        CelCompilerBuilder compiler = CelEnvironment.get()
                .compilerBuilder()
                .setTypeProvider(types.provider())
                .addVar("object", SimpleType.DYN)
                .addVar("oldObject", SimpleType.DYN)
                .addVar("request", types.request())
                .addVar("namespaceObject", types.namespaceObject());
        if (parameters) {
            compiler.addVar("params", SimpleType.DYN);
        }
        if (authorizer) {
            compiler.addVar("authorizer", AdmissionTypes.AUTHORIZER)
                    .addVar("authorizer.requestResource", AdmissionTypes.RESOURCE_CHECK)
                    .addFunctionDeclarations(AdmissionTypes.functions());
        }
        if (!variables.isEmpty()) {
            compiler.addVar("variables", types.variables(variables));
        }
        return compiler.build().compile(expression);
    }

    private static CelType typeOf(CelValidationResult compiled) {
        try {
            return compiled.getAst().getResultType();
        } catch (CelValidationException wrong) {
            throw new IllegalStateException("asked for the type of what does not compile", wrong);
        }
    }
}
