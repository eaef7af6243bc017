using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Places a hold.</summary>
public sealed partial class HoldDialog
{
    private static readonly (string Target, string Words)[] Targets = [("person", "A person"), ("tier", "A tier"), ("kind", "A kind"), ("number", "Our number")];

    private IReadOnlyList<string> _tiers = [];
    private string _target = "person";
    private string _person = "";
    private string _tier = "";
    private string _kind = HoldTarget.Kinds[0];
    private string _number = "";
    private string _reason = "";
    private DateTime? _until;
    private string? _whatFault;
    private string? _reasonFault;
    private string? _untilFault;
    private string? _fault;
    private bool _isWorking;

    [Inject] public required Holds All { get; init; }

    [Inject] public required SwitchDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    public static Task OpenAsync(DialogService dialogs) => dialogs.OpenAsync<HoldDialog>("Hold what is to be sent", null, DialogShape.Small);

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _tiers = await All.TiersAsync(CancellationToken.None);
            _tier = _tiers is [var first, ..] ? first : "";
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "The database doesn't answer.";
        }
    }

    private async Task SaveAsync()
    {
        if (_isWorking) return;
        _fault = _whatFault = null;
        _reasonFault = _reason.Trim().Length == 0 ? "Say why, in a few words." : null;
        _untilFault = UntilField.FaultOf(_until, Clock);
        _isWorking = true;
        try
        {
            var target = await TargetAsync();
            if (target is null || (_reasonFault ?? _untilFault) is not null) return;
            await Desk.OperateAsync(actor => All.PlaceAsync(target, _reason, UntilField.Moment(_until, Clock), actor, CancellationToken.None));
            Dialogs.Close();
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Nothing is held: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Nothing is held: your role may not hold sends.";
        }
        finally
        {
            _isWorking = false;
        }
    }

    private async Task<HoldTarget?> TargetAsync()
    {
        switch (_target)
        {
            case "tier":
                return new HoldTarget.Tier(_tier);
            case "kind":
                return new HoldTarget.Kind(_kind);
            case "number":
                var number = PhoneNumber.Parse(_number);
                _whatFault = number.IsValid || _number.Trim().StartsWith("MG", StringComparison.Ordinal) ? null : "It is no number. Write it as in +1 555 010 0142.";
                return _whatFault is null ? new HoldTarget.OurNumber(number.IsValid ? number.Canonical : _number.Trim()) : null;
            default:
                var person = await All.FindAsync(_person, CancellationToken.None);
                _whatFault = person is null ? "Nobody here has that alias or number." : null;
                return person;
        }
    }

    private static string? Invalid(string? fault) => fault is null ? null : "true";
}
