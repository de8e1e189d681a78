using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Node.Tests.EndToEnd;

namespace QTrade.Feed.Tests.Cluster;

/// <summary>What a journal says of the pools.</summary>
internal static class Books
{
    /// <summary>A journal in memory.</summary>
    public static IJournal Empty(TimeProvider time) => new InMemoryJournal(time);

    public static IEnumerable<TEvent> Of<TEvent>(IJournal journal) => JournalMessages.Of(journal).OfType<TEvent>();

    /// <summary>The newest state of each pool and where it is. No pool was ever set back.</summary>
    public static ImmutableSortedDictionary<PoolId, string> Newest(IJournal journal)
    {
        var newest = new Dictionary<PoolId, ReservesChanged>();
        foreach (var changed in Of<ReservesChanged>(journal))
        {
            if (newest.TryGetValue(changed.PoolId, out var before))
                Assert.Equal(PositionOrder.Newer, changed.At.CompareTo(before.At));
            newest[changed.PoolId] = changed;
        }

        return newest.ToImmutableSortedDictionary(pool => pool.Key, pool => $"{string.Join('/', pool.Value.Reserves)} at {pool.Value.At}");
    }

    /// <summary>The newest slot of any pool's state.</summary>
    public static ulong Slot(IJournal journal) => Of<ReservesChanged>(journal).Select(changed => changed.At.NewestSlot).DefaultIfEmpty().Max();
}
