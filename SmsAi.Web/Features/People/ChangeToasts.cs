using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Says what a change did, and offers to undo it.</summary>
public sealed class ChangeToasts(Toasts toasts, PeopleDesk desk)
{
    public void Show(ChangeOutcome outcome)
    {
        var (changed, count) = (outcome.People, (outcome.Matching?.People ?? 0) + outcome.People.Changed.Count);
        if (changed.Conflicts > 0)
            toasts.Show(Conflict(changed), Tone.Warn);
        if (count == 0)
            return;
        var text = outcome.Change switch
        {
            { Tier: { } tier } => $"{ChangeDialog.People(count)} moved to {PersonWords.Tier(tier)}",
            { Tag: { } tag, IsTagged: true } => $"{ChangeDialog.People(count)} tagged {tag}",
            { Tag: { } tag } => $"Tag {tag} taken off {ChangeDialog.People(count)}",
            { IsBlocked: true } => $"{ChangeDialog.People(count)} blocked",
            _ => $"{ChangeDialog.People(count)} unblocked",
        };
        toasts.Show(text, Tone.Ok, "Undo", () => UndoAsync(outcome));
    }

    private static string Conflict(PeopleChanged changed)
    {
        var who = changed.ConflictBy ?? "somebody else";
        return changed.Conflicts == 1 && changed.Changed.Count == 0
            ? $"Not changed: {who} changed this person while you looked. Look again, then decide."
            : $"{ChangeDialog.People(changed.Conflicts)} not changed: {who} changed them while you looked";
    }

    private async Task UndoAsync(ChangeOutcome outcome)
    {
        try
        {
            var back = outcome.Matching is { } all
                ? await desk.UndoAllAsync(outcome.Change, all.Mark, CancellationToken.None)
                : await desk.UndoAsync(outcome.Change, outcome.People.Changed, CancellationToken.None);
            if (back.Changed.Count > 0) toasts.Show($"Put back {ChangeDialog.People(back.Changed.Count)}");
            if (back.Conflicts > 0) toasts.Show($"{ChangeDialog.People(back.Conflicts)} not put back: changed since by {back.ConflictBy ?? "somebody else"}", Tone.Warn);
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            toasts.Show("Not undone: the database doesn't answer", Tone.Stop);
        }
        catch (TierGoneException)
        {
            toasts.Show("Not undone: somebody removed the tier they came from", Tone.Stop);
        }
        catch (UnauthorizedAccessException)
        {
            toasts.Show("Not undone: your role may not do this", Tone.Stop);
        }
    }
}
