package dev.keelson.node.server;

import dev.keelson.node.NodeException;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Runs blocking handlers off the event loop and turns their failures into answers. */
final class Routes {
    private static final Logger LOG = System.getLogger(Routes.class.getName());

    private Routes() {}

    interface Work {
        void run() throws IOException;
    }

    static void blocking(RoutingContext context, Work work) {
        Thread.ofVirtual().name("http-" + context.normalizedPath()).start(() -> guarded(context, work));
    }

    private static void guarded(RoutingContext context, Work work) {
        try {
            work.run();
        } catch (NodeException refused) {
            Answers.refuse(context.response(), refused);
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "client gone path={0} cause=\"{1}\"", context.normalizedPath(), gone.getMessage());
            context.response().reset();
        } catch (RuntimeException failure) {
            LOG.log(Level.ERROR, "request failed path=" + context.normalizedPath(), failure);
            Answers.refuse(context.response(), 500, "InternalError", "the agent failed: " + failure);
        }
    }
}
