using System.Globalization;
using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Changes a person's id at the billing system.</summary>
public sealed partial class BillingDialog
{
    private string _typed = "";
    private string? _fault;
    private bool _isWorking;

    [Parameter, EditorRequired] public long Person { get; set; }

    /// <summary>The id as it was seen.</summary>
    [Parameter] public string? Seen { get; set; }

    [Inject] public required PersonActs Acts { get; init; }

    [Inject] public required AuditReader Trail { get; init; }

    [Inject] public required PeopleDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    /// <summary>True when it was changed.</summary>
    public static async Task<bool> OpenAsync(DialogService dialogs, long person, string? seen) => await dialogs.OpenAsync<BillingDialog>(
        "Change the billing id?", new Dictionary<string, object?> { [nameof(Person)] = person, [nameof(Seen)] = seen }, DialogShape.Small) is true;

    protected override void OnInitialized() => _typed = Seen ?? "";

    private Task<string?> WhoAsync() =>
        Trail.LastActorAsync(string.Create(CultureInfo.InvariantCulture, $"user:{Person}"), "user.billing", CancellationToken.None);

    private async Task SaveAsync()
    {
        var wanted = _typed.Trim() is { Length: > 0 } text ? text : null;
        if (wanted == Seen)
        {
            Dialogs.Close(false);
            return;
        }

        (_fault, _isWorking) = (null, true);
        try
        {
            if (await Desk.AsActorAsync(Rights.CanAdminister, actor => Acts.SetBillingIdAsync(Person, Seen, wanted, actor, CancellationToken.None)))
                Dialogs.Close(true);
            else
                _fault = $"Not changed: {await WhoAsync() ?? "somebody"} changed it meanwhile. Close, look again, then decide.";
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not changed: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not changed: only an admin may.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
