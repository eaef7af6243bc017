using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Blocks a number.</summary>
public sealed partial class BlockDialog
{
    private string _number = "";
    private string _reason = "";
    private DateTime? _until;
    private string? _numberFault;
    private string? _reasonFault;
    private string? _untilFault;
    private string? _fault;
    private bool _isWorking;

    [Inject] public required BlockedNumbers Blocked { get; init; }

    [Inject] public required SwitchDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    public static Task OpenAsync(DialogService dialogs) => dialogs.OpenAsync<BlockDialog>("Block a number?", null, DialogShape.Small);

    private async Task SaveAsync()
    {
        var number = PhoneNumber.Parse(_number);
        _fault = null;
        _numberFault = FaultOf(number.Verdict);
        _reasonFault = _reason.Trim().Length == 0 ? "Say why, in a few words." : _reason.Count(char.IsAsciiDigit) >= 7 ? "That holds a number. Leave it out." : null;
        _untilFault = UntilField.FaultOf(_until, Clock);
        if (_isWorking || (_numberFault ?? _reasonFault ?? _untilFault) is not null) return;
        _isWorking = true;
        try
        {
            if (await Desk.OperateAsync(actor => Blocked.BlockAsync(number, _reason, UntilField.Moment(_until, Clock), actor, CancellationToken.None)))
                Dialogs.Close();
            else
                _numberFault = "It is blocked already.";
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not blocked: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not blocked: your role may not block numbers.";
        }
        finally
        {
            _isWorking = false;
        }
    }

    private static string? FaultOf(PhoneVerdict verdict) => verdict switch
    {
        PhoneVerdict.Valid => null,
        PhoneVerdict.Empty => "Write the number, with its country as in +49.",
        PhoneVerdict.NoCountryCode => "The country is missing. Write it as in +49 151 00000000.",
        PhoneVerdict.UnknownCountryCode => "No country has that code. Check the digits after the +.",
        PhoneVerdict.TooShort => "That is too short for a number. Check its digits.",
        PhoneVerdict.TooLong => "That is too long for a number. Check its digits.",
        _ => "That is no phone number. Write it as in +49 151 00000000.",
    };
}
