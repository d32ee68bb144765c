package dev.keelson.apiserver.custom.cel;

import dev.cel.common.CelOptions;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;

/** The dialect that rules are written in: CEL with the libraries that Kubernetes 1.32 adds. Loaded with the first rule. */
final class CelEnvironment {
    /** Above any request's size; what runs long is ended by its cost. */
    private static final int MOST_ITERATIONS = 1_000_000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .comprehensionMaxIterations(MOST_ITERATIONS)
            .enableRegexPartialMatch(true)
            .maxExpressionCodePointSize(100_000)
            .maxParseRecursionDepth(50)
            .build();

    private final CelCompiler compiler;
    private final CelRuntime runtime;

    private CelEnvironment() {
        compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(
                        CelExtensions.strings(),
                        CelExtensions.optional(2),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.bindings(),
                        CelExtensions.comprehensions())
                .addFunctionDeclarations(KubernetesLibrary.declarations())
                .build();
        runtime = CelRuntimeFactory.standardCelRuntimeBuilder()
                .setOptions(OPTIONS)
                .addLibraries(
                        CelExtensions.strings(),
                        CelExtensions.optional(2),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.comprehensions())
                .addFunctionBindings(KubernetesLibrary.bindings())
                .build();
    }

    /** Made once, when it is first needed: the library's classes take a while to load. */
    private static final class Holder {
        private static final CelEnvironment INSTANCE = new CelEnvironment();
    }

    static CelEnvironment get() {
        return Holder.INSTANCE;
    }

    CelCompiler compiler(CelTypes types, CelType self, boolean optionalOldSelf) {
        return compiler.toCompilerBuilder()
                .setTypeProvider(types.provider())
                .addVar("self", self)
                .addVar("oldSelf", optionalOldSelf ? OptionalType.create(self) : self)
                .build();
    }

    /** A compiler of the same dialect that is given types and variables of its own. */
    CelCompilerBuilder compilerBuilder() {
        return compiler.toCompilerBuilder();
    }

    CelRuntime runtime() {
        return runtime;
    }
}
