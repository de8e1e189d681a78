using System.Text;
using Microsoft.AspNetCore.Http;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Solana;
using QTrade.Solana.Feed;
using QTrade.Solana.Rpc;
using QTrade.Solana.Tapes;

namespace QTrade.Feed.Tests;

/// <summary>Bytes of a network or a file never throw, whatever they are.</summary>
public sealed class BadBytesSpecs
{
    private const string Accounts =
        """{"jsonrpc":"2.0","result":{"context":{"apiVersion":"2.2.0","slot":7},"value":[{"lamports":1,"data":["AQID","base64"],"owner":"11111111111111111111111111111111","executable":false,"rentEpoch":0,"space":3},null]},"id":1}""";

    private const string Notification =
        """{"jsonrpc":"2.0","method":"accountNotification","params":{"result":{"context":{"slot":7},"value":{"lamports":1,"data":["AQID","base64"],"owner":"11111111111111111111111111111111","executable":false,"rentEpoch":18446744073709551615,"space":3}},"subscription":23}}""";

    private static readonly Address[] Asked = [PairVenue.Pool(1), PairVenue.Pool(2)];

    [Fact]
    public void Sound_bytes_are_read()
    {
        var accounts = RpcResponse.Accounts(Encoding.UTF8.GetBytes(Accounts), Asked).Value!;
        Assert.Equal(7UL, accounts.Slot);
        Assert.Equal([1, 2, 3], accounts.Accounts[0].Data.ToArray());
        Assert.False(accounts.Accounts[1].Exists);
        Assert.True(new SocketFrameReader().TryRead(Encoding.UTF8.GetBytes(Notification), out var frame));
        Assert.Equal((SocketFrameKind.AccountChanged, 23UL, 7UL), (frame.Kind, frame.Subscription, frame.Slot));
    }

    [Fact]
    public void Truncated_flipped_and_random_bytes_have_no_answer_or_another_and_never_throw()
    {
        var frames = new SocketFrameReader();
        foreach (var sound in new[] { Accounts, Notification })
        {
            var bytes = Encoding.UTF8.GetBytes(sound);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.False(RpcResponse.Accounts(bytes.AsSpan(0, length), Asked).Ok);
                Assert.False(frames.TryRead(bytes.AsSpan(0, length), out var frame) && frame.Kind != SocketFrameKind.Other);
            }

            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                var flipped = bytes.ToArray();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                RpcResponse.Accounts(flipped, Asked);
                RpcResponse.Addresses(flipped, 10);
                RpcResponse.Slot(flipped);
                frames.TryRead(flipped, out _);
            }
        }

        var random = new Random(5);
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Assert.False(RpcResponse.Accounts(bytes, Asked).Ok);
            Assert.False(frames.TryRead(bytes, out _));
        }
    }

    /// <summary>Half a surrogate pair is JSON, and no text.</summary>
    [Theory]
    [InlineData("\"base64\"", "\"\\ud800\"")]
    [InlineData("\"base64\"", "\"\\udc00base64\"")]
    [InlineData("\"AQID\"", "\"\\ud83d\"")]
    [InlineData("\"lamports\"", "\"\\ud800\":0,\"lamports\"")]
    [InlineData("\"slot\"", "\"\\ud800slot\":0,\"slot\"")]
    [InlineData("\"11111111111111111111111111111111\"", "\"\\ud8001111\"")]
    public void Half_a_surrogate_pair_is_malformed_or_passed_over_and_never_thrown(string sound, string broken)
    {
        var accounts = Encoding.UTF8.GetBytes(Accounts.Replace(sound, broken, StringComparison.Ordinal));
        var notification = Encoding.UTF8.GetBytes(Notification.Replace(sound, broken, StringComparison.Ordinal));
        var isRead = RpcResponse.Accounts(accounts, Asked) is var answer && answer.Ok;
        Assert.Equal(isRead ? RpcFault.None : RpcFault.Malformed, answer.Fault);
        Assert.Equal(isRead, new SocketFrameReader().TryRead(notification, out var frame));

        // Whatever its value is, whose it is can be told.
        Assert.Equal((SocketFrameKind.AccountChanged, 23UL), (frame.Kind, frame.Subscription));
        RpcResponse.Addresses(accounts, 10);
        RpcResponse.Slot(accounts);
        foreach (var text in new[] { "{\"\\ud800\":1}", "{\"method\":\"\\ud800\"}", "{\"error\":{\"\\udfff\":1},\"id\":1}", "\"\\ud800\"" })
        {
            Assert.False(new SocketFrameReader().TryRead(Encoding.UTF8.GetBytes(text), out var other) && other.Kind == SocketFrameKind.AccountChanged);
            Assert.False(RpcResponse.Slot(Encoding.UTF8.GetBytes(text)).Ok);
        }
    }

    /// <summary>The order of an object's members means nothing.</summary>
    [Theory]
    [InlineData("\"lamports\":1", "\"lamports\":-1")]
    [InlineData("\"slot\":7", "\"slot\":\"7\"")]
    [InlineData("\"value\":{", "\"value\":[],\"other\":{")]
    public void A_notification_that_names_its_method_last_is_in_doubt_as_any_other(string sound, string broken)
    {
        const string Method = "\"method\":\"accountNotification\",";
        var last = Notification.Replace(Method, "", StringComparison.Ordinal)[..^1] + "," + Method[..^1] + "}";
        Assert.True(new SocketFrameReader().TryRead(Encoding.UTF8.GetBytes(last), out var frame));
        Assert.Equal((SocketFrameKind.AccountChanged, 23UL, 7UL), (frame.Kind, frame.Subscription, frame.Slot));
        foreach (var text in new[] { Notification, last })
        {
            Assert.False(new SocketFrameReader().TryRead(Encoding.UTF8.GetBytes(text.Replace(sound, broken, StringComparison.Ordinal)), out frame));
            Assert.Equal((SocketFrameKind.AccountChanged, 23UL), (frame.Kind, frame.Subscription));
        }

        // Of what nobody subscribed to nothing is in doubt.
        const string Other = """{"method":"slotNotification","params":{"result":{"parent":75,"slot":76},"subscription":23}}""";
        Assert.True(new SocketFrameReader().TryRead(Encoding.UTF8.GetBytes(Other), out frame));
        Assert.Equal(SocketFrameKind.Other, frame.Kind);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task An_answer_that_cannot_be_decompressed_is_malformed(string encoding)
    {
        await using var chain = await ChainEndpoint.StartAsync();
        var metrics = new RpcMetrics();
        using var client = new RpcClient([chain.Address], new RpcOptions { TriesMax = 1 }, metrics, TimeProvider.System);
        chain.AnswerNext(context =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            return context.Response.WriteAsync(Accounts);
        });
        Assert.Equal((RpcFault.Malformed, 1L), ((await client.GetSlotAsync(CancellationToken.None)).Fault, metrics.RequestFaults(RpcFault.Malformed)));
    }

    [Theory]
    [InlineData("""{"result":{"context":{"slot":1},"value":[]}}""")]
    [InlineData("""{"result":{"context":{"slot":1},"value":[null,null,null]}}""")]
    [InlineData("""{"result":{"context":{"slot":1e400},"value":[null,null]}}""")]
    [InlineData("""{"result":{"context":{"slot":99999999999999999999},"value":[null,null]}}""")]
    [InlineData("""{"result":{"context":{"slot":1},"value":[{"lamports":1,"data":["%","base64"],"owner":"11111111111111111111111111111111"},null]}}""")]
    [InlineData("""{"result":{"context":{"slot":1},"value":[{"lamports":1,"data":["AQID","base58"],"owner":"11111111111111111111111111111111"},null]}}""")]
    [InlineData("""{"result":{"context":{"slot":1},"value":[{"lamports":1,"data":["AQID","base64"],"owner":"0"},null]}}""")]
    [InlineData("""{"result":{"context":{"slot":1},"value":[{"lamports":-1,"data":["AQID","base64"],"owner":"11111111111111111111111111111111"},null]}}""")]
    [InlineData("""{"result":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""")]
    public void Hostile_answers_are_malformed(string json) =>
        Assert.Equal(RpcFault.Malformed, RpcResponse.Accounts(Encoding.UTF8.GetBytes(json), Asked).Fault);

    [Theory]
    [InlineData("https://user:pass@host", true)]
    [InlineData("https://host/?api-key=1", true)]
    [InlineData("https://host/v2/0123456789abcdef", true)]
    [InlineData("https://host/v1", false)]
    [InlineData("http://127.0.0.1:8899", false)]
    public void What_may_be_a_secret_is_known(string address, bool secret) => Assert.Equal(secret, RpcEndpoint.MayHoldSecret(address));

    [Fact]
    public void An_endpoint_is_never_written_whole()
    {
        Assert.True(RpcEndpoint.TryCreate("https://me:secret@host.example/key/abc?token=xyz", null, out var endpoint, out _));
        Assert.Equal("https://host.example:443", endpoint.ToString());
        Assert.Equal("wss", endpoint.Socket.Scheme);
    }

    [Fact]
    public void A_torn_tape_is_read_to_its_last_whole_frame_and_continued_behind_it()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("qtrade-tape").FullName, "torn.tape");
        Write(path, 1, 2, 3);
        var whole = File.ReadAllBytes(path);
        for (var length = whole.Length - 1; length >= 0; length -= 7)
        {
            File.WriteAllBytes(path, whole[..length]);
            if (!TapeReader.TryOpen(path, out var reader, out var error))
            {
                Assert.True(length < 8, error);
                continue;
            }

            using (reader)
            {
                while (reader.TryRead(out _))
                {
                }

                Assert.Equal(length, reader.Whole + reader.TornBytes);
            }
        }

        File.WriteAllBytes(path, whole[..^3]);
        Write(path, 4);
        Assert.Equal([1, 2, 4], Slots(path));
        // What came between is on no tape: what was held is not trusted.
        Assert.Equal([TapeEntryKind.Account, TapeEntryKind.Account, TapeEntryKind.Lost, TapeEntryKind.Account], Entries(path).Select(entry => entry.Kind));
    }

    [Fact]
    public void A_flipped_bit_ends_the_tape_before_its_frame()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("qtrade-tape").FullName, "flipped.tape");
        Write(path, 1, 2, 3);
        var sound = File.ReadAllBytes(path);
        for (var bit = 64; bit < sound.Length * 8; bit++)
        {
            var flipped = sound.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, flipped);
            Assert.True(Slots(path).Count < 3);
        }
    }

    [Fact]
    public void A_file_that_is_no_tape_or_of_another_version_is_refused_in_one_line()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("qtrade-tape").FullName, "other");
        File.WriteAllText(path, "not a tape at all");
        Assert.False(TapeReader.TryOpen(path, out _, out var error));
        Assert.Contains("is not a tape", error, StringComparison.Ordinal);
        Assert.False(TapeWriter.TryOpen(path, TimeProvider.System, out _, out _));
        File.WriteAllBytes(path, [.. "QTRTAPE"u8, 9]);
        Assert.False(TapeReader.TryOpen(path, out _, out error));
        Assert.Contains("version 9", error, StringComparison.Ordinal);
    }

    private static void Write(string path, params ulong[] slots)
    {
        Assert.True(TapeWriter.TryOpen(path, TimeProvider.System, out var writer, out var error), error);
        using (writer)
            writer.Append([.. slots.Select(slot => new AccountUpdate(PairVenue.Pool(1), new AccountPosition(slot, 1), PairVenue.Program, 5, [1, 2, 3]))]);
    }

    private static List<ulong> Slots(string path) => [.. Entries(path).Where(entry => entry.Kind == TapeEntryKind.Account).Select(entry => entry.Update!.At.Slot)];

    private static List<TapeEntry> Entries(string path)
    {
        var entries = new List<TapeEntry>();
        Assert.True(TapeReader.TryOpen(path, out var reader, out var error), error);
        using (reader)
        {
            while (reader.TryRead(out var entry))
                entries.Add(entry);
        }

        return entries;
    }
}
