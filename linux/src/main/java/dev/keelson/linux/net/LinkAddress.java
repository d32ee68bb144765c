package dev.keelson.linux.net;

/** An address on a device. @param prefix length of the network that it says it is on */
public record LinkAddress(int linkIndex, Ipv4 address, int prefix) {
    public Cidr network() {
        return new Cidr(address, prefix);
    }
}
