using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using QTrade.Messages.Wire;
using QTrade.Messages.Wire.Schema;

namespace QTrade.Messages.Tests.Wire;

public sealed class MessageCodecSpecs
{
    public static TheoryData<string> Types => new(Samples.All.Select(sample => sample.GetType().Name));

    [Fact]
    public void Every_type_of_message_has_a_wire_form_and_a_sample()
    {
        var types = typeof(IMessage).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IMessage).IsAssignableFrom(type))
            .Select(type => type.Name)
            .Order(StringComparer.Ordinal);

        Assert.Equal(types, MessageCodec.Manifests.Select(form => form.MessageType.Name).Order(StringComparer.Ordinal));
        Assert.Equal(types, Samples.All.Select(sample => sample.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Manifests_are_unique_and_versions_begin_at_1()
    {
        Assert.Distinct(MessageCodec.Manifests.Select(form => form.Manifest));
        Assert.All(MessageCodec.Manifests, form => Assert.True(form.Version >= 1));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Reading_what_was_written_gives_the_same_message(string type)
    {
        var sample = Sample(type);

        Assert.Equal(sample, RoundTrip(sample));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void The_schema_s_own_compiler_reads_and_writes_the_same_bytes(string type)
    {
        var bytes = MessageCodec.Encode(Sample(type)).Bytes.ToArray();
        var descriptor = MessagesReflection.Descriptor.FindTypeByName<MessageDescriptor>(type);

        var parsed = descriptor.Parser.ParseFrom(bytes);

        Assert.Equal(bytes, parsed.ToByteArray());
        Assert.Empty(UnknownFieldsOf(parsed));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Fields_of_a_newer_program_are_passed_over(string type)
    {
        var encoded = MessageCodec.Encode(Sample(type));
        using var stream = new MemoryStream();
        stream.Write(encoded.Bytes.Span);
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(901, WireFormat.WireType.Varint);
            output.WriteUInt64(ulong.MaxValue);
            output.WriteTag(902, WireFormat.WireType.LengthDelimited);
            output.WriteString("from the future");
            output.WriteTag(903, WireFormat.WireType.Fixed64);
            output.WriteDouble(1.5);
            output.WriteTag(904, WireFormat.WireType.Fixed32);
            output.WriteFloat(1.5f);
        }

        Assert.True(MessageCodec.TryDecode(encoded.Manifest, encoded.Version, stream.ToArray(), out var message, out _));
        Assert.Equal(Sample(type), message);
    }

    [Fact]
    public void A_feed_that_vouches_for_no_pool_is_read_as_such()
    {
        var none = new Routing.TrustFrom(null, ulong.MaxValue) { Term = 1, Number = 1 };

        Assert.Equal(none, RoundTrip(none));
    }

    [Fact]
    public void An_unknown_manifest_is_named()
    {
        Assert.False(MessageCodec.TryDecode("pool.painted", 1, [], out _, out var error));
        Assert.Equal("manifest 'pool.painted' is not known to this version of the program", error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    public void A_version_that_is_not_read_is_named(int version)
    {
        Assert.False(MessageCodec.TryDecode("token.registered", version, [], out _, out var error));
        Assert.Equal($"manifest 'token.registered' has version {version}, and this version of the program reads 1 to 1", error);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Truncated_bytes_never_throw(string type)
    {
        var encoded = MessageCodec.Encode(Sample(type));
        for (var length = 0; length < encoded.Bytes.Length; length++)
        {
            var read = MessageCodec.TryDecode(encoded.Manifest, encoded.Version, encoded.Bytes.Span[..length], out var message, out var error);
            Assert.True(read ? message is not null && error is null : message is null && error!.Contains(encoded.Manifest));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Damaged_bytes_never_throw(string type)
    {
        var encoded = MessageCodec.Encode(Sample(type));
        var damage = Gen.Choose(0, encoded.Bytes.Length - 1).SelectMany(at => Gen.Choose(0, 255), (at, value) => (at, value)).ListOf(3);

        Prop.ForAll(damage.ToArbitrary(), hits =>
        {
            var bytes = encoded.Bytes.ToArray();
            foreach (var (at, value) in hits)
                bytes[at] = (byte)value;
            return MessageCodec.TryDecode(encoded.Manifest, encoded.Version, bytes, out var message, out var error)
                ? message is not null
                : error is not null;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var manifests = MessageCodec.Manifests.Select(form => form.Manifest).ToArray();
        var foreign = Gen.Elements(manifests).SelectMany(_ => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(), (m, b) => (m, b));

        Prop.ForAll(foreign.ToArbitrary(), sample =>
            MessageCodec.TryDecode(sample.m, 1, sample.b, out var message, out _) == message is not null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void A_type_without_a_wire_form_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => MessageCodec.Encode(new Foreign()));
        Assert.Contains("Foreign has no wire form", error.Message);
    }

    [Fact]
    public void Encoding_a_change_of_reserves_allocates_its_bytes_and_nothing_else()
    {
        var changed = Sample("ReservesChanged");
        var size = MessageCodec.Encode(changed).Bytes.Length;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            MessageCodec.Encode(changed);
        var perMessage = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;

        Assert.InRange(perMessage, size, size + 32);
    }

    private static IMessage Sample(string type) => Samples.All.Single(sample => sample.GetType().Name == type);

    private static IMessage RoundTrip(IMessage message)
    {
        var encoded = MessageCodec.Encode(message);
        Assert.True(MessageCodec.TryDecode(encoded.Manifest, encoded.Version, encoded.Bytes.Span, out var read, out var error), error);
        return read;
    }

    /// <summary>Bytes that the schema has no field for: what is left when every known field is dropped.</summary>
    private static string UnknownFieldsOf(Google.Protobuf.IMessage parsed)
    {
        var withoutUnknown = parsed.Descriptor.Parser.WithDiscardUnknownFields(true).ParseFrom(parsed.ToByteArray());
        return withoutUnknown.CalculateSize() == parsed.CalculateSize() ? "" : "fields that the schema does not have";
    }

    private sealed class Foreign : IMessage;
}
