package dev.keelson.crds.client.fake;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiClientContract;

final class FakeApiClientTest extends ApiClientContract {
    private final FakeApiClient client = new FakeApiServer().client();

    @Override
    protected ApiClient client() {
        return client;
    }

    @Override
    protected String namespace() {
        return "default";
    }
}
