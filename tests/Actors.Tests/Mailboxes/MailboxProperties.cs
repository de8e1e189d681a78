using FsCheck;
using FsCheck.Fluent;
using QTrade.Actors.Kernel;
using QTrade.Actors.Mailboxes;

namespace QTrade.Actors.Tests.Mailboxes;

/// <summary>Every mailbox does what a plain list would, for any sequence of arrivals and takes.</summary>
public sealed class MailboxProperties
{
    private const int Capacity = 5;

    [Fact]
    public void An_unbounded_mailbox_is_a_queue() => Check(
        MailboxOptions.Unbounded<Note>(), static (waiting, arrived) => waiting.Add(arrived));

    [Fact]
    public void A_bounded_mailbox_is_a_queue_that_refuses_what_has_no_room() => Check(
        MailboxOptions.Bounded<Note>(Capacity),
        static (waiting, arrived) =>
        {
            if (waiting.Count < Capacity)
                waiting.Add(arrived);
        });

    [Fact]
    public void A_conflating_mailbox_is_a_queue_in_which_the_newest_takes_the_place_of_its_key() => Check(
        MailboxOptions.Conflating(new ByKey()),
        static (waiting, arrived) =>
        {
            var barrier = waiting.FindLastIndex(note => note.Key == 0);
            var same = arrived.Key == 0 ? -1 : waiting.FindIndex(barrier + 1, note => note.Key == arrived.Key);
            if (same < 0)
                waiting.Add(arrived);
            else
                waiting[same] = arrived;
        });

    /// <summary>Each number is a take (below 0) or the arrival of a note under that key; key 0 stands for none.</summary>
    private static void Check(MailboxOptions<Note> options, Action<List<Note>, Note> arrive)
    {
        var operations = Gen.Frequency((2, Gen.Constant(-1)), (5, Gen.Choose(0, 6))).ArrayOf();
        Prop.ForAll(operations.ToArbitrary(), numbers => IsLike(options.Create(TimeProvider.System), numbers, arrive))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20_261_122, 1));
    }

    private static bool IsLike(Mailbox mailbox, int[] numbers, Action<List<Note>, Note> arrive)
    {
        var model = new List<Note>();
        for (var i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] < 0)
            {
                if (!TakesAlike(mailbox, model))
                    return false;
                continue;
            }

            var note = new Note(numbers[i], i);
            mailbox.Post(note);
            arrive(model, note);
            if (mailbox.Depth != model.Count)
                return false;
        }

        while (model.Count > 0)
        {
            if (!TakesAlike(mailbox, model))
                return false;
        }

        return TakesAlike(mailbox, model);
    }

    private static bool TakesAlike(Mailbox mailbox, List<Note> model)
    {
        if (!mailbox.TryTake(out var item))
            return model.Count == 0;
        var alike = model.Count > 0 && model[0].Equals(item);
        if (alike)
            model.RemoveAt(0);
        return alike;
    }

    private sealed record Note(int Key, int Number);

    private sealed class ByKey : IConflation<Note, int>
    {
        public bool TryGetKey(Note message, out int key)
        {
            key = message.Key;
            return key != 0;
        }

        public Note Merge(Note waiting, Note arrived) => arrived;
    }
}
