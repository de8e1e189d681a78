using Npgsql;
using QTrade.Actors.Journal;

namespace QTrade.Node.Journal.Postgres;

/// <summary>The rows of one group commit, column by column, as the statements take them.</summary>
internal sealed class PostgresGroup
{
    /// <summary>Payload bytes that go to the server in one statement; the protocol bounds a message at 1 GiB.</summary>
    private const long StatementBytesMax = 16L << 20;

    private readonly List<long> _ordinals = [], _entities = [], _sequences = [], _times = [], _checksums = [];
    private readonly List<int> _manifests = [];
    private readonly List<byte[]> _payloads = [];
    private readonly Dictionary<long, EntityHead> _moved = [];

    public long Bytes { get; private set; }

    public int Events => _ordinals.Count;

    public void Add(EntityHead head, long ordinal, int manifest, long time, ReadOnlyMemory<byte> payload)
    {
        head.Highest++;
        head.Last = ordinal;
        _moved[head.Entity] = head;
        _ordinals.Add(ordinal);
        _entities.Add(head.Entity);
        _sequences.Add(head.Highest);
        _manifests.Add(manifest);
        _times.Add(time);
        _checksums.Add(EventChecksum.OfEvent(ordinal, head.Entity, head.Highest, 0, manifest, time, payload.Span));
        _payloads.Add(payload.ToArray());
        Bytes += payload.Length;
    }

    public void Write(NpgsqlBatch batch, PostgresSql sql)
    {
        for (int from = 0; from < _ordinals.Count;)
        {
            int to = from;
            for (long bytes = 0; to < _ordinals.Count && (to == from || bytes + _payloads[to].Length <= StatementBytesMax); to++) bytes += _payloads[to].Length;
            Range rows = from..to;
            batch.BatchCommands.Add(
                Command(sql.AddEvents)
                    .With(_ordinals[rows]).With(_entities[rows]).With(_sequences[rows]).With(_manifests[rows])
                    .With(_times[rows]).With(_checksums[rows]).With(_payloads[rows]));
            from = to;
        }
        if (_moved.Count == 0) return;
        batch.BatchCommands.Add(
            Command(sql.MoveHeads)
                .With(_moved.Keys.ToList()).With(_moved.Values.Select(head => head.Highest).ToList()).With(_moved.Values.Select(head => head.Last).ToList()));
    }

    public static NpgsqlBatchCommand Command(string sql) => new(sql);

    public static NpgsqlBatchCommand Put(PostgresSql sql, EntityHead head, StoredSnapshot snapshot, int manifest, long time)
    {
        ReadOnlyMemory<byte> state = snapshot.State.Payload;
        uint checksum = EventChecksum.OfSnapshot(head.Entity, snapshot.SequenceNumber, manifest, state.Span);
        return Command(sql.PutSnapshot)
            .With(head.Entity).With(snapshot.SequenceNumber).With(manifest).With(time).With((long)checksum).With(state.ToArray());
    }
}
