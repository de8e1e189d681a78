using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using QTrade.Actors.Journal;

namespace QTrade.Node.Admin;

/// <summary>The journal of the running node, read through the node's own readers, which hold no writer up.</summary>
internal static class JournalPalette
{
    private const int Shown = 20;
    private const int ShownMax = 1_000;

    private static readonly TimeSpan FollowEvery = TimeSpan.FromMilliseconds(250);

    public static Task<AdminReply> TailAsync(AdminContext context, CancellationToken cancellationToken) => context.TryWhole(
        "count", Shown, 1, ShownMax, out var count, out var fault)
        ? OnAThread(() => Tail(context.Node.Setup.Journal, context.Request["entity"], count))
        : Task.FromResult(fault!);

    public static Task<AdminReply> ShowAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (!long.TryParse(context.Request["ordinal"], out var ordinal) || ordinal < 1)
            return Task.FromResult(AdminReply.Bad("name an event by its ordinal, a whole number from 1: journal tail shows them"));
        return OnAThread(() =>
        {
            var journal = context.Node.Setup.Journal;
            return journal.ReadAll(ordinal - 1).Cast<StoredEvent?>().FirstOrDefault() is { } stored && stored.Ordinal == ordinal
                ? AdminReply.Done(EventText.Whole(stored))
                : AdminReply.No($"there is no event {ordinal}: the last is {journal.LastOrdinal}, and the oldest are trimmed");
        });
    }

    /// <summary>The last events, then each as it becomes durable.</summary>
    public static async IAsyncEnumerable<AdminReply> FollowAsync(AdminContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!context.TryWhole("count", Shown, 0, ShownMax, out var count, out var fault))
        {
            yield return fault!;
            yield break;
        }

        var journal = context.Node.Setup.Journal;
        var entity = context.Request["entity"];
        var after = Math.Max(0, journal.LastOrdinal - count);
        using var timer = new PeriodicTimer(FollowEvery, context.Time);
        do
        {
            // Where more is written than is read, the watcher skips to what is new: it holds nobody up.
            var skipped = Math.Max(0, journal.LastOrdinal - after - ShownMax);
            after += skipped;
            foreach (var stored in await Task.Run(() => journal.ReadAll(after).Take(ShownMax).ToList(), cancellationToken).ConfigureAwait(false))
            {
                after = stored.Ordinal;
                if (entity is null || stored.PersistenceId == entity)
                    yield return AdminReply.Done(EventText.Row(stored));
            }

            if (skipped > 0)
                yield return new AdminReply(Web.Admin.AdminStatus.Done, $"{skipped} events were skipped: more is written than can be watched");
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    private static AdminReply Tail(IJournal journal, string? entity, int count)
    {
        var events = entity is null
            ? journal.ReadAll(Math.Max(0, journal.LastOrdinal - count))
            : journal.Read(entity, Math.Max(0, journal.HighestSequenceNumber(entity) - count));
        var rows = new JsonArray([.. events.Take(count).Select(EventText.Row)]);
        return rows.Count > 0 || entity is null
            ? AdminReply.Done(rows)
            : AdminReply.No($"there are no events of '{AdminContext.Shown(entity)}': entities are router, executor, pool/ID, config/ID, token/ID and trade/ID");
    }

    private static Task<AdminReply> OnAThread(Func<AdminReply> read) => Task.Run(read);
}
