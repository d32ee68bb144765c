package dev.keelson.cli.command;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;

/**
 * Where the agent's log goes. Quarkus' log manager keeps what is logged until an application starts and says where to;
 * the agent is no such application, so without this nothing of what it says would ever be seen.
 */
final class AgentLog {
    /** As the server's, which has Quarkus' default. */
    private static final String LINE = "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c] (%t) %s%e%n";

    private AgentLog() {}

    static void toStandardError() {
        Logger.getLogger("").setLevel(Level.INFO);
        Handler console = new ConsoleHandler(ConsoleHandler.Target.SYSTEM_ERR, new PatternFormatter(LINE));
        InitialConfigurator.DELAYED_HANDLER.setHandlers(new Handler[] {console});
    }
}
