package dev.keelson.controllers.endpointslice;

import java.util.List;

/**
 * One EndpointSlice: endpoints that share an address type and ports.
 *
 * @param addressType {@code IPv4} or {@code IPv6}
 * @param endpoints in the order in which they are written
 */
record SliceView(String name, String addressType, List<PortView> ports, List<EndpointView> endpoints) {
    SliceView {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }
}
