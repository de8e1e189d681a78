using QTrade.Broker.RabbitMq;

namespace QTrade.Broker.Tests;

/// <summary>Addresses of brokers that only look like some.</summary>
public sealed class RabbitAddressSpecs
{
    [Theory]
    [InlineData("amqp://qtrade:hush:hush@127.0.0.1:5672/")]
    [InlineData("amqp://qtrade:hush@127.0.0.1:5672/one/two")]
    public void An_address_that_the_client_does_not_take_is_refused_in_words_without_its_password(string text)
    {
        var refusal = RabbitTransportOptions.TryReadUri(text, out var uri);
        Assert.NotNull(refusal);
        Assert.Null(uri);
        Assert.DoesNotContain("hush", refusal, StringComparison.Ordinal);
    }
}
