using System.Globalization;
using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Auditing;

/// <summary>Previews what changing an act of the trail back does, asks why, and does it.</summary>
public sealed partial class BackDialog : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private BackOffer? _offer;
    private string _reason = "";
    private string? _reasonFault;
    private string? _fault;
    private bool _isWorking;
    private long _done;

    [Parameter, EditorRequired] public BackAct Act { get; set; } = null!;

    [Inject] public required ActingOperator Operator { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    private bool Counts => _offer?.Lines.Any(line => line.Count is not null) == true;

    private long Changing => _offer?.Lines.Where(line => line.Changes).Sum(line => line.Count ?? 0) ?? 0;

    private string Percent => (Changing == 0 ? 0 : Math.Min(100, _done * 100.0 / Changing)).ToString("0.#", CultureInfo.InvariantCulture);

    private string Verb => (_isWorking, Changing) switch
    {
        (true, _) => "Changing back…",
        (_, 0) => "Change back",
        (_, 1) => "Change 1 person back",
        _ => $"Change {NumberText.Of(Changing)} people back",
    };

    /// <summary>True when something was changed back.</summary>
    public static async Task<bool> OpenAsync(DialogService dialogs, BackAct act) =>
        await dialogs.OpenAsync<BackDialog>("Change this back?", new Dictionary<string, object?> { [nameof(Act)] = act }, DialogShape.Small) is true;

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override Task OnInitializedAsync() => TryAsync(async () => _offer = await Act.Look(_leaving.Token));

    private async Task SaveAsync()
    {
        _reasonFault = _reason.Trim().Length == 0 ? "Say why, in a few words." : null;
        if (_reasonFault is not null || _isWorking || _offer is not { Refusal: null }) return;
        _isWorking = true;
        await TryAsync(async () =>
        {
            if (await Act.Change(_reason.Trim(), await Operator.ActorAsync(Rights.CanOperate), Counting(), _leaving.Token) is { } refusal)
                _offer = BackOffer.Refused(refusal);
            else
                Dialogs.Close(true);
        });
        _isWorking = false;
    }

    private async Task CancelAsync()
    {
        if (_isWorking)
            await _leaving.CancelAsync();
        else
            Dialogs.Close();
    }

    private async Task TryAsync(Func<Task> act)
    {
        _fault = null;
        try
        {
            await act();
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Nothing more is changed back: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Nothing is changed back: your role may not do this.";
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // The dialog was left.
        }
    }

    private Progress<long> Counting() => new(done =>
    {
        _done = done;
        StateHasChanged();
    });
}
