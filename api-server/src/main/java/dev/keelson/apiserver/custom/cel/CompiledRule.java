package dev.keelson.apiserver.custom.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Optional;

/**
 * A rule that can be run.
 *
 * @param usesOldSelf whether it judges a change
 */
record CompiledRule(
        CelRule rule,
        CelAbstractSyntaxTree ast,
        CelRuntime.Program program,
        Optional<CelAbstractSyntaxTree> messageAst,
        Optional<CelRuntime.Program> message,
        boolean usesOldSelf) {

    /** Why a rule cannot be compiled; {@code field} is the rule's field that is at fault. */
    static final class BadRule extends Exception {
        private static final long serialVersionUID = 1L;
        private final String field;

        BadRule(String field, String message) {
            super(message);
            this.field = field;
        }

        String field() {
            return field;
        }
    }

    static CompiledRule of(CelRule rule, CelTypes types, CelType self) throws BadRule {
        CelEnvironment environment = CelEnvironment.get();
        CelCompiler compiler = environment.compiler(types, self, rule.optionalOldSelf());
        CelAbstractSyntaxTree ast = compile(compiler, rule.rule(), "rule");
        if (!ast.getResultType().equals(SimpleType.BOOL)) {
            throw new BadRule("rule", "cel expression must evaluate to a bool");
        }
        Optional<CelAbstractSyntaxTree> messageAst = Optional.empty();
        Optional<CelRuntime.Program> message = Optional.empty();
        if (!rule.messageExpression().isEmpty()) {
            CelAbstractSyntaxTree text = compile(compiler, rule.messageExpression(), "messageExpression");
            if (!text.getResultType().equals(SimpleType.STRING)) {
                throw new BadRule("messageExpression", "messageExpression must evaluate to a string");
            }
            messageAst = Optional.of(text);
            message = Optional.of(program(environment, text, "messageExpression"));
        }
        return new CompiledRule(
                rule, ast, program(environment, ast, "rule"), messageAst, message, mentionsOldSelf(ast));
    }

    private static boolean mentionsOldSelf(CelAbstractSyntaxTree ast) {
        return CelNavigableAst.fromAst(ast)
                .getRoot()
                .allNodes()
                .anyMatch(node -> node.expr().identOrDefault().name().equals("oldSelf"));
    }

    private static CelAbstractSyntaxTree compile(CelCompiler compiler, String text, String field) throws BadRule {
        CelValidationResult result = compiler.compile(text);
        if (result.hasError()) {
            throw new BadRule(field, prefix(field) + CelWords.compilation(result));
        }
        try {
            return result.getAst();
        } catch (CelValidationException bad) {
            throw new BadRule(field, prefix(field) + "compilation failed: " + bad.getMessage());
        }
    }

    private static CelRuntime.Program program(CelEnvironment environment, CelAbstractSyntaxTree ast, String field)
            throws BadRule {
        try {
            return environment.runtime().createProgram(ast);
        } catch (CelEvaluationException bad) {
            throw new BadRule(field, prefix(field) + "program instantiation failed: " + bad.getMessage());
        }
    }

    private static String prefix(String field) {
        return field.equals("rule") ? "" : field + " ";
    }
}
