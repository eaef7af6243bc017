using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Conversations;

/// <summary>Acts in conversations for the operator of this screen, after asking whether she may; says what came of it as a toast.</summary>
public sealed class ConversationDesk(
    TakeOvers takeOvers, HandTexts handTexts, ReplyDrafts drafts, MessageMarks marks, SavedViews views, Toasts toasts, ActingOperator me)
{
    /// <summary>Takes the conversation from the AI or from whom she sees there; true when it is hers.</summary>
    public Task<bool> TakeAsync(long conversation, long? from, CancellationToken cancel) => TryAsync("Not taken over", async actor =>
    {
        switch (await takeOvers.TakeAsync(conversation, from, actor, cancel))
        {
            case TakeOutcome.Taken { IsWithCarrier: true }:
                toasts.Show("You have the conversation. An answer of the AI had begun to leave and can't be recalled", Tone.Warn);
                return true;
            case TakeOutcome.Taken:
                return true;
            case TakeOutcome.HeldBy held:
                toasts.Show($"Not taken over: {held.Name} was faster", Tone.Warn);
                return false;
            default:
                toasts.Show("Not taken over: there is no such conversation any more", Tone.Warn);
                return false;
        }
    });

    public Task<bool> GiveBackAsync(long conversation, CancellationToken cancel) => TryAsync("Not given back", async actor =>
    {
        var isBack = await takeOvers.GiveBackAsync(conversation, actor, cancel);
        toasts.Show(isBack ? "The AI answers here again" : "The AI answers here already", isBack ? Tone.Ok : Tone.Info);
        return isBack;
    });

    public Task<bool> DismissAsync(long conversation, long message, CancellationToken cancel) =>
        TryAsync("Not dismissed", actor => takeOvers.DismissAsync(conversation, message, actor, cancel));

    /// <summary>Null when it did not even come to an outcome; that is said already.</summary>
    public async Task<HandOutcome?> SendAsync(long conversation, string text, long seen, bool isSure, CancellationToken cancel)
    {
        HandOutcome? outcome = null;
        await TryAsync("Not sent", async actor =>
        {
            outcome = await handTexts.SendAsync(conversation, text, seen, isSure, actor, cancel);
            return true;
        });
        return outcome;
    }

    public Task<bool> ResendAsync(long message, string reason, CancellationToken cancel) => TryAsync("Not sent again", async actor =>
    {
        var outcome = await handTexts.ResendAsync(message, reason, actor, cancel);
        toasts.Show(outcome is HandOutcome.Refused refused ? $"Not sent again: {refused.Why}" : "Sent again, as a new message", outcome is HandOutcome.Queued ? Tone.Ok : Tone.Warn);
        return outcome is HandOutcome.Queued;
    });

    public Task<bool> MarkAsync(long message, string note, CancellationToken cancel) => TryAsync("Not marked", async actor =>
    {
        var isMarked = await marks.MarkAsync(message, note, actor, cancel);
        if (isMarked)
            toasts.Show("Marked as an error", Tone.Ok, "Undo", () => UnmarkAsync(message, CancellationToken.None));
        return isMarked;
    });

    public Task<bool> UnmarkAsync(long message, CancellationToken cancel) => TryAsync("The mark stays", actor => marks.ClearAsync(message, actor, cancel));

    public Task<bool> SaveViewAsync(string name, string query, bool isShared, CancellationToken cancel) => TryAsync("The view is not saved", async actor =>
    {
        await views.SaveAsync(name, query, isShared, actor, cancel);
        toasts.Show(isShared ? $"Everyone has the view {name} now" : $"The view {name} is saved");
        return true;
    }, Rights.CanRead);

    public Task<bool> RemoveViewAsync(long view, CancellationToken cancel) =>
        TryAsync("The view stays", actor => views.RemoveAsync(view, actor, cancel), Rights.CanRead);

    public async Task<string> DraftAsync(long conversation, CancellationToken cancel) =>
        (await me.ActorAsync(Rights.CanOperate)).Id is { } id ? await drafts.ReadAsync(conversation, id, cancel) : "";

    public async Task SaveDraftAsync(long conversation, string text, CancellationToken cancel)
    {
        if ((await me.ActorAsync(Rights.CanOperate)).Id is { } id) await drafts.SaveAsync(conversation, id, text, cancel);
    }

    private async Task<bool> TryAsync(string not, Func<Actor, Task<bool>> actAsync, string right = Rights.CanOperate)
    {
        try
        {
            return await actAsync(await me.ActorAsync(right));
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            toasts.Show($"{not}: the database doesn't answer", Tone.Stop);
        }
        catch (UnauthorizedAccessException)
        {
            toasts.Show($"{not}: your role may not do this", Tone.Stop);
        }

        return false;
    }
}
