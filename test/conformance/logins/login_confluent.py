"""librdkafka (confluent-kafka) logs in once for each entry of the list that its argument names: see logins.ts."""

import json
import sys

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient


def properties(login):
    tls, sasl = login["tls"], login["sasl"]
    protocol = ("SASL_" if sasl else "") + ("SSL" if tls else "PLAINTEXT")
    found = {"bootstrap.servers": login["address"], "security.protocol": protocol, "log_level": 0}
    if tls and tls["ca"]:
        found["ssl.ca.location"] = tls["ca"]
    if tls and tls["key"]:
        found["ssl.key.location"] = tls["key"]
        found["ssl.certificate.location"] = tls["key"]
    if sasl:
        found["sasl.mechanism"] = sasl["mechanism"]
        found["sasl.username"] = sasl["username"]
        found["sasl.password"] = sasl["password"]
    return found


with open(sys.argv[1], encoding="utf8") as file:
    logins = json.load(file)
for login in logins:
    admin = AdminClient(properties(login))
    try:
        topics = sorted(admin.list_topics(timeout=5).topics)
        print(f"{login['name']}: topics {','.join(topics)}", flush=True)
    except KafkaException:
        print(f"{login['name']}: refused", flush=True)
