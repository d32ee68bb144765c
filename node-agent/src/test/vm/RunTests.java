import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs test classes by name and says how each test went; the last line counts. */
public final class RunTests {
    private RunTests() {}

    public static void main(String[] classes) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(Arrays.stream(classes)
                                        .map(name -> selectClass(name))
                                        .toList())
                                .build(),
                        summary,
                        new Teller());
        var counts = summary.getSummary();
        System.out.printf(
                "RESULT passed=%d skipped=%d failed=%d%n",
                counts.getTestsSucceededCount(), counts.getTestsAbortedCount(), counts.getTotalFailureCount());
        System.exit(0);
    }

    /** One line for each test. */
    private static final class Teller implements TestExecutionListener {
        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest() || result.getStatus() == TestExecutionResult.Status.FAILED) {
                System.out.printf("%s %s%n", result.getStatus(), test.getLegacyReportingName());
                result.getThrowable().ifPresent(cause -> cause.printStackTrace(System.out));
            }
        }
    }
}
