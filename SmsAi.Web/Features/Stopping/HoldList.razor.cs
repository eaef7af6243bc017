using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Shows the holds and releases them; what was released can be held again for a moment.</summary>
public sealed partial class HoldList
{
    /// <summary>Null before they are read.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<Hold>? Holds { get; set; }

    /// <summary>Something was changed here: whoever read the holds reads them again.</summary>
    [Parameter] public EventCallback Changed { get; set; }

    [Inject] public required Holds All { get; init; }

    [Inject] public required SwitchDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    internal static string KindWords(string kind) => kind switch
    {
        "answer" => "All answers",
        "broadcast" => "All broadcasts",
        "notice" => "All notices",
        _ => "What people write",
    };

    private static string What(Hold hold) => hold.Target switch
    {
        "tier" => $"Tier {hold.What}",
        "kind" => KindWords(hold.What),
        "number" => $"From {hold.What}",
        "broadcast" => $"Broadcast {hold.What}",
        _ => "A person who was erased",
    };

    private static string Waiting(long count) => count switch
    {
        0 => "nothing waits",
        1 => "1 waiting",
        _ => $"{NumberText.Of(count)} waiting",
    };

    private static HoldTarget? Target(Hold hold) => hold.Target switch
    {
        "person" when hold.UserId is { } person => new HoldTarget.Person(person),
        "tier" => new HoldTarget.Tier(hold.What),
        "kind" => new HoldTarget.Kind(hold.What),
        "number" => new HoldTarget.OurNumber(hold.What),
        _ => null,
    };

    private async Task ReleaseAsync(Hold hold)
    {
        if (!await TryAsync("Not released", actor => All.LiftAsync(hold.Id, "Released", actor, CancellationToken.None))) return;
        if (Target(hold) is { } target)
            Toasts.Show("Released", Tone.Ok, "Undo", () => TryAsync("Not held again", actor => All.PlaceAsync(target, hold.Reason, hold.Until, actor, CancellationToken.None)));
        else
            Toasts.Show("Released");
        await Changed.InvokeAsync();
    }

    private async Task<bool> TryAsync<T>(string otherwise, Func<Core.Features.Auditing.Actor, Task<T>> act)
    {
        try
        {
            await Desk.OperateAsync(act);
            return true;
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            Toasts.Show($"{otherwise}: the database doesn't answer", Tone.Stop);
        }
        catch (UnauthorizedAccessException)
        {
            Toasts.Show($"{otherwise}: your role may not", Tone.Stop);
        }

        return false;
    }
}
