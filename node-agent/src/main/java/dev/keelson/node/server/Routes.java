package dev.keelson.node.server;

import dev.keelson.node.NodeException;
import io.vertx.core.Context;
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

    /** Looks at a request that asks for another protocol; answers what accepts it. */
    interface Upgrade {
        Runnable prepare() throws IOException;
    }

    /**
     * The same for a request that asks for another protocol; call it on the event loop. It is accepted on the connection's
     * own loop: from any other, what the client sends first could arrive before there is somebody who takes it.
     */
    static void upgrading(RoutingContext context, Upgrade upgrade) {
        Context loop = context.vertx().getOrCreateContext();
        context.request().pause();
        blocking(context, () -> {
            Runnable accept = upgrade.prepare();
            loop.runOnContext(_ -> accept.run());
        });
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
