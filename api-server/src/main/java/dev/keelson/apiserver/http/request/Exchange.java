package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.http.reply.Body;
import dev.keelson.apiserver.http.reply.Failures;
import dev.keelson.apiserver.http.reply.PrettyOutput;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.ReplyEncoding;
import dev.keelson.apiserver.http.reply.ReplyStream;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/** One request on its way through the filters, and the ways to end it. Filters run on its event loop. */
public final class Exchange {
    /** Whoever sends more than this after a refusal is cut off. */
    private static final long MOST_DROPPED = 64L * 1024 * 1024;

    private final HttpServerRequest request;
    private final Context context;
    private final Executor virtualThreads;
    private Optional<RequestInfo> info = Optional.empty();
    private QueryParameters query = new QueryParameters(Map.of());
    private TimeView view = new TimeView.Present();
    private User user = User.ANONYMOUS;
    private final List<Runnable> endActions = new ArrayList<>();
    private final List<Runnable> answerActions = new ArrayList<>();
    private boolean ended;

    public Exchange(HttpServerRequest request, Context context, Executor virtualThreads) {
        this.request = request;
        this.context = context;
        this.virtualThreads = virtualThreads;
        request.response().endHandler(end -> ended());
        request.response().closeHandler(gone -> ended());
    }

    public HttpServerRequest request() {
        return request;
    }

    public HttpServerResponse response() {
        return request.response();
    }

    public Context context() {
        return context;
    }

    /** What the request is about, once it has been parsed. */
    public RequestInfo info() {
        return info.orElseThrow();
    }

    public boolean parsed() {
        return info.isPresent();
    }

    public void parsed(RequestInfo found, QueryParameters parameters) {
        info = Optional.of(found);
        query = LegacyWatch.query(found, parameters);
    }

    /** From when the request looks at its objects. */
    public TimeView view() {
        return view;
    }

    public void seenFrom(TimeView found) {
        view = found;
    }

    public QueryParameters query() {
        return query;
    }

    public User user() {
        return user;
    }

    public void authenticated(User found) {
        user = found;
    }

    /** Does something once the answer begins to go out or the client is gone, whichever comes first. */
    public void onAnswer(Runnable action) {
        if (ended) {
            action.run();
        } else {
            answerActions.add(action);
        }
    }

    private void answering() {
        List<Runnable> actions = List.copyOf(answerActions);
        answerActions.clear();
        actions.forEach(Runnable::run);
    }

    /** Does something once the answer is out or the client is gone, whichever comes first. */
    public void onEnd(Runnable action) {
        if (ended) {
            action.run();
        } else {
            endActions.add(action);
        }
    }

    /** For a connection that was taken away from the HTTP server, which therefore does not notice its end. */
    public void finished() {
        ended();
    }

    private void ended() {
        if (ended) {
            return;
        }
        ended = true;
        answering();
        // An action may end the other side of a stream and so come back here.
        List.copyOf(endActions).forEach(Runnable::run);
        endActions.clear();
    }

    /** A request header, or empty. */
    public String header(String name) {
        return Optional.ofNullable(request.getHeader(name)).orElse("");
    }

    /** Runs work that may wait; whatever it throws becomes the answer. */
    public void onVirtualThread(Runnable work) {
        virtualThreads.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        });
    }

    /** Ends the request with an answer; from any thread. */
    public void reply(Reply reply) {
        boolean pretty = PrettyOutput.wanted(query.has("pretty"), query.text("pretty"), header("User-Agent"));
        Reply encoded = ReplyEncoding.encode(pretty ? PrettyOutput.of(reply) : reply, header("Accept-Encoding"));
        switch (encoded.body()) {
            case Body.Whole whole ->
                context.runOnContext(event -> {
                    dropRestOfBody();
                    ReplyEncoding.send(response(), encoded, whole.bytes(), request.method());
                });
            case Body.Written written -> {
                context.runOnContext(event -> {
                    dropRestOfBody();
                    answering();
                });
                virtualThreads.execute(() -> ReplyStream.send(context, response(), encoded, written, request.method()));
            }
        }
    }

    /** A client that is refused early still writes its body, and reads the answer only after that. */
    private void dropRestOfBody() {
        if (request.isEnded()) {
            return;
        }
        AtomicLong left = new AtomicLong(MOST_DROPPED);
        request.handler(chunk -> {
            if (left.addAndGet(-chunk.length()) < 0) {
                request.connection().close();
            }
        });
        request.exceptionHandler(broken -> {});
        request.resume();
    }

    /** Ends the request with the Status that belongs to the failure; from any thread. */
    public void fail(Throwable thrown) {
        reply(Reply.failure(Failures.refusal(thrown)));
    }
}
